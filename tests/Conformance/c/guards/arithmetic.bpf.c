/* What the verifier computes of constants and bounds before it comes to the branch. */
#include "guards.h"

PROGRAM(shifted_guarded) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t); HIDE(has); has = (has << 5) | (has << 3); if (has & 40) sink = READ(t, gone_a); return 0; }
PROGRAM(shifted_broken) { struct task_struct *t = TASK(); u64 has = HAS_PID(t); HIDE(has); has = (has << 5) | (has << 3); if (has & 40) sink = READ(t, gone_a); return 0; }
PROGRAM(sum_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t) + HAS_PID(t) == 2) sink = READ(t, gone_a); return 0; }
PROGRAM(sum_broken) { struct task_struct *t = TASK(); if (HAS_GONE(t) + HAS_PID(t) == 1) sink = READ(t, gone_a); return 0; }
PROGRAM(signed_guarded) { struct task_struct *t = TASK(); s64 has = HAS_GONE(t); HIDE(has); if (has - 1 >= 0) sink = READ(t, gone_a); return 0; }
PROGRAM(signed_broken) { struct task_struct *t = TASK(); s64 has = HAS_GONE(t); HIDE(has); if (has - 1 < 0) sink = READ(t, gone_a); return 0; }
PROGRAM(half_word_guarded) { struct task_struct *t = TASK(); u32 has = HAS_GONE(t); HIDE(has); if ((s32)(has - 1) >= 0) sink = READ(t, gone_a); return 0; }
PROGRAM(half_word_broken) { struct task_struct *t = TASK(); u32 has = HAS_GONE(t); HIDE(has); if ((s32)(has - 1) < 0) sink = READ(t, gone_a); return 0; }
PROGRAM(product_guarded) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t); HIDE(has); has *= bpf_get_prandom_u32(); HIDE(has); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(product_broken) { struct task_struct *t = TASK(); u64 has = HAS_PID(t); HIDE(has); has *= bpf_get_prandom_u32(); HIDE(has); if (has) sink = READ(t, gone_a); return 0; }

/* The flag narrows an unknown value: masked with 0 it is 0. */
PROGRAM(mask_guarded) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t), any = bpf_get_prandom_u32(); HIDE(has); any &= has; HIDE(any); if (any) sink = READ(t, gone_a); return 0; }
PROGRAM(mask_broken) { struct task_struct *t = TASK(); u64 has = HAS_PID(t), any = bpf_get_prandom_u32(); HIDE(has); any &= has; HIDE(any); if (any) sink = READ(t, gone_a); return 0; }

/* Bounds of an unknown value. */
PROGRAM(bounds_guarded) { struct task_struct *t = TASK(); u64 any = bpf_get_prandom_u32(); HIDE(any); any &= 7; HIDE(any); if (any > 7) sink = READ(t, gone_a); return 0; }
PROGRAM(bounds_broken) { struct task_struct *t = TASK(); u64 any = bpf_get_prandom_u32(); HIDE(any); any &= 7; HIDE(any); if (any > 6) sink = READ(t, gone_a); return 0; }

/* The branch itself tells the value. */
PROGRAM(compared_before_guarded)
{
	struct task_struct *t = TASK();
	u64 any = bpf_get_prandom_u32();

	HIDE(any);
	if (any != HAS_GONE(t))
		return 0;
	HIDE(any);
	if (any)
		sink = READ(t, gone_a);
	return 0;
}

PROGRAM(compared_before_broken)
{
	struct task_struct *t = TASK();
	u64 any = bpf_get_prandom_u32();

	HIDE(any);
	if (any == HAS_GONE(t))
		return 0;
	HIDE(any);
	if (any)
		sink = READ(t, gone_a);
	return 0;
}

/* Two registers with the same value, of which a branch tells one. */
PROGRAM(copy_guarded)
{
	struct task_struct *t = TASK();
	u64 any = bpf_get_prandom_u32(), copy;

	HIDE(any);
	copy = any;
	HIDE(copy);
	if (copy != 0)
		return 0;
	if (any)
		sink = READ(t, gone_a);
	return 0;
}

/* Kept on the stack. */
PROGRAM(stack_guarded) { struct task_struct *t = TASK(); volatile u64 has = HAS_GONE(t); bpf_get_current_pid_tgid(); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(stack_broken) { struct task_struct *t = TASK(); volatile u64 has = HAS_PID(t); bpf_get_current_pid_tgid(); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(stack_word_guarded) { struct task_struct *t = TASK(); volatile u32 has = HAS_GONE(t); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(stack_byte_guarded) { struct task_struct *t = TASK(); volatile bool_t has = HAS_GONE(t); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(stack_byte_broken) { struct task_struct *t = TASK(); volatile bool_t has = HAS_PID(t); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(stack_filled_by_helper_broken) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t); bpf_core_read(&has, sizeof(has), &t->start_time); if (has) sink = READ(t, gone_a); return 0; }

/* Kept where others can write. */
volatile u64 kept;
PROGRAM(global_variable_broken) { struct task_struct *t = TASK(); kept = HAS_GONE(t); if (kept) sink = READ(t, gone_a); return 0; }
