/* Checks of the plain kinds, around one access. */
#include "guards.h"

PROGRAM(no_check_broken) { sink = READ(TASK(), gone_a); return 0; }
PROGRAM(nothing_missing_guarded) { sink = READ(TASK(), pid); return 0; }

PROGRAM(if_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(if_broken) { struct task_struct *t = TASK(); if (HAS_PID(t)) sink = READ(t, gone_a); return 0; }

PROGRAM(if_else_guarded)
{
	struct task_struct *t = TASK();

	if (HAS_GONE(t))
		sink = READ(t, gone_a);
	else
		sink = READ(t, pid);
	return 0;
}

PROGRAM(if_else_broken)
{
	struct task_struct *t = TASK();

	if (HAS_GONE(t))
		sink = READ(t, gone_a);
	else
		sink = READ(t, gone_b);
	return 0;
}

PROGRAM(early_return_guarded) { struct task_struct *t = TASK(); if (!HAS_GONE(t)) return 0; sink = READ(t, gone_a); return 0; }
PROGRAM(early_return_broken) { struct task_struct *t = TASK(); if (!HAS_PID(t)) return 0; sink = READ(t, gone_a); return 0; }

PROGRAM(ternary_guarded) { struct task_struct *t = TASK(); sink = HAS_GONE(t) ? READ(t, gone_a) : READ(t, pid); return 0; }
PROGRAM(ternary_broken) { struct task_struct *t = TASK(); sink = HAS_GONE(t) ? READ(t, pid) : READ(t, gone_a); return 0; }

PROGRAM(and_guarded) { struct task_struct *t = TASK(); if (bpf_get_prandom_u32() > 7 && HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(and_broken) { struct task_struct *t = TASK(); if (bpf_get_prandom_u32() > 7 && HAS_PID(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(or_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t) || bpf_core_type_exists(struct gone_type)) sink = READ(t, gone_a); return 0; }
PROGRAM(or_broken) { struct task_struct *t = TASK(); if (HAS_GONE(t) || bpf_get_prandom_u32() > 7) sink = READ(t, gone_a); return 0; }

PROGRAM(nested_guarded)
{
	struct task_struct *t = TASK();

	if (HAS_PID(t)) {
		sink = READ(t, pid);
		if (bpf_core_type_exists(struct gone_type)) {
			sink = READ(t, gone_a);
			if (bpf_get_prandom_u32() > 7)
				sink = READ(t, gone_b);
		}
	}
	return 0;
}

PROGRAM(nested_broken)
{
	struct task_struct *t = TASK();

	if (HAS_PID(t)) {
		if (bpf_core_type_exists(struct gone_type))
			sink = READ(t, gone_a);
		if (bpf_get_prandom_u32() > 7)
			sink = READ(t, gone_b);
	}
	return 0;
}

/* A flag kept in a variable over calls and unknown branches. */
PROGRAM(variable_guarded)
{
	struct task_struct *t = TASK();
	bool_t has = HAS_GONE(t);

	if (bpf_get_prandom_u32() > 7)
		sink = READ(t, pid);
	bpf_get_current_pid_tgid();
	if (has)
		sink = READ(t, gone_a);
	return 0;
}

PROGRAM(variable_broken)
{
	struct task_struct *t = TASK();
	u64 has = HAS_GONE(t);

	if (bpf_get_prandom_u32() > 7)
		has = 1;
	HIDE(has);
	if (has)
		sink = READ(t, gone_a);
	return 0;
}

/* Last in the function, where the compiler may fall out of it. */
PROGRAM(tail_position_guarded) { struct task_struct *t = TASK(); if (!HAS_GONE(t)) return 1; return READ(t, gone_a); }
PROGRAM(tail_position_broken) { struct task_struct *t = TASK(); if (HAS_GONE(t)) return 1; return READ(t, gone_a); }

PROGRAM(goto_guarded)
{
	struct task_struct *t = TASK();

	if (HAS_GONE(t))
		goto there;
	sink = READ(t, pid);
	return 0;
there:
	sink = READ(t, gone_a);
	return 0;
}

PROGRAM(goto_broken)
{
	struct task_struct *t = TASK();

	if (!HAS_GONE(t))
		goto there;
	sink = READ(t, pid);
	return 0;
there:
	sink = READ(t, gone_a);
	return 0;
}
