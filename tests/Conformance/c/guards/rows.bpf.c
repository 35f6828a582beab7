/* Several poisoned instructions, one after the other. */
#include "guards.h"

PROGRAM(three_in_a_row_broken) { struct task_struct *t = TASK(); sink = READ(t, gone_a); sink = READ(t, gone_b); sink = READ(t, gone_c); return 0; }
PROGRAM(three_in_a_row_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) { sink = READ(t, gone_a); sink = READ(t, gone_b); sink = READ(t, gone_c); } return 0; }
PROGRAM(after_a_guarded_one_broken) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a); sink = READ(t, gone_b); return 0; }
PROGRAM(before_a_guarded_one_broken) { struct task_struct *t = TASK(); sink = READ(t, gone_b); if (HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(in_both_branches_broken) { struct task_struct *t = TASK(); if (bpf_get_prandom_u32() > 7) sink = READ(t, gone_a); else sink = READ(t, gone_b); return 0; }
PROGRAM(two_checks_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a); if (bpf_core_field_exists(t->gone_b)) sink = READ(t, gone_b); return 0; }
