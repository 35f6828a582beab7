/* A subprogram that only an optional program calls, and one that both call. */
#include "guards.h"

static NOINLINE int of_optional(struct task_struct *t) { return READ(t, gone_a); }
static NOINLINE int of_both(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }

PROGRAM(shared_guarded) { struct task_struct *t = TASK(); return of_both(t, HAS_GONE(t)); }
SEC("?raw_tp/sys_enter") int shared_broken(u64 *ctx) { struct task_struct *t = TASK(); return of_both(t, HAS_PID(t)); }
SEC("?raw_tp/sys_enter") int only_optional_broken(u64 *ctx) { return of_optional(TASK()); }
