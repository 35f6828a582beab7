/* Programs that libbpf does not load unless it is told to. */
#include "guards.h"

#define OPTIONAL(name) SEC("?raw_tp/sys_enter") int name(u64 *ctx)

PROGRAM(needed_guarded) { sink = READ(TASK(), pid); return 0; }
OPTIONAL(optional_broken) { sink = READ(TASK(), gone_a); return 0; }
OPTIONAL(optional_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
