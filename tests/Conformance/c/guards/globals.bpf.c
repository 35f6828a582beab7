/* Global subprograms are verified once, with arguments and results that nobody knows. */
#include "guards.h"

NOINLINE int global_argument(u64 has) { struct task_struct *t = TASK(); return has ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(global_argument_broken) { struct task_struct *t = TASK(); return global_argument(HAS_GONE(t)); }

NOINLINE int global_checks(u64 other) { struct task_struct *t = TASK(); return HAS_GONE(t) ? READ(t, gone_a) + other : READ(t, pid); }
PROGRAM(global_checks_guarded) { return global_checks(ctx[1]); }

NOINLINE int global_without_check(u64 other) { struct task_struct *t = TASK(); return READ(t, gone_a) + other; }
PROGRAM(global_without_check_broken) { return global_without_check(ctx[1]); }

/* Called only where the verifier does not go: Linux 6.8 and later do not verify it, 5.6 to 6.7 do. */
NOINLINE int global_called_from_dead_code(u64 other) { struct task_struct *t = TASK(); return READ(t, gone_b) + other; }
PROGRAM(global_call_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) return global_called_from_dead_code(ctx[1]); return 0; }

NOINLINE int global_answer(u64 other) { struct task_struct *t = TASK(); int has = HAS_GONE(t); HIDE(has); sink = other; return has; }
PROGRAM(global_answer_broken) { struct task_struct *t = TASK(); if (global_answer(ctx[1])) sink = READ(t, gone_a); return 0; }

__weak NOINLINE int weak_global(u64 has) { struct task_struct *t = TASK(); return has ? READ(t, gone_c) : READ(t, pid); }
PROGRAM(weak_global_broken) { struct task_struct *t = TASK(); return weak_global(HAS_GONE(t)); }

/* A static one below a global one. */
static NOINLINE int below(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
NOINLINE int global_above(u64 other) { struct task_struct *t = TASK(); return below(t, HAS_GONE(t)) + other; }
PROGRAM(static_below_global_guarded) { return global_above(ctx[1]); }
static NOINLINE int below_2(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
NOINLINE int global_above_2(u64 other) { struct task_struct *t = TASK(); return below_2(t, other); }
PROGRAM(static_below_global_broken) { struct task_struct *t = TASK(); return global_above_2(HAS_GONE(t)); }
