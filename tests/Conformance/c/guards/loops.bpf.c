/* Guards in, before and around loops. */
#include "guards.h"

#define ROLLED _Pragma("clang loop unroll(disable)")

/* Where the object is the same in each round, the compiler computes the field's address before the loop, and so before the check. */
PROGRAM(hoisted_broken) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { if (HAS_GONE(t)) sink = READ(t, gone_a); else sink = READ(t, pid); } return 0; }

PROGRAM(inside_guarded) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { HIDE(t); if (HAS_GONE(t)) sink = READ(t, gone_a); else sink = READ(t, pid); } return 0; }
PROGRAM(inside_broken) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { HIDE(t); if (HAS_GONE(t)) sink = READ(t, pid); else sink = READ(t, gone_a); } return 0; }
PROGRAM(around_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) ROLLED for (int i = 0; i < 6; i++) sink = READ(t, gone_a); return 0; }
PROGRAM(around_broken) { struct task_struct *t = TASK(); if (HAS_PID(t)) ROLLED for (int i = 0; i < 6; i++) sink = READ(t, gone_a); return 0; }
PROGRAM(after_guarded) { struct task_struct *t = TASK(); bool_t has = HAS_GONE(t); ROLLED for (int i = 0; i < 6; i++) sink = READ(t, pid); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(after_broken) { struct task_struct *t = TASK(); bool_t has = HAS_PID(t); ROLLED for (int i = 0; i < 6; i++) sink = READ(t, pid); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(break_guarded) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { HIDE(t); sink = READ(t, pid); if (!HAS_GONE(t)) break; sink = READ(t, gone_a); } return 0; }
PROGRAM(continue_guarded) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { HIDE(t); sink = READ(t, pid); if (!HAS_GONE(t)) continue; sink = READ(t, gone_a); } return 0; }
PROGRAM(break_broken) { struct task_struct *t = TASK(); ROLLED for (int i = 0; i < 6; i++) { HIDE(t); sink = READ(t, pid); if (HAS_GONE(t)) break; sink = READ(t, gone_a); } return 0; }

/* How often depends on the kernel: not once where the field is missing. */
PROGRAM(count_guarded) { struct task_struct *t = TASK(); u32 count = HAS_GONE(t) ? 5 : 0; ROLLED for (u32 i = 0; i < count; i++) sink = READ(t, gone_a); return 0; }
PROGRAM(count_broken) { struct task_struct *t = TASK(); u32 count = HAS_GONE(t) ? 0 : 5; ROLLED for (u32 i = 0; i < count; i++) sink = READ(t, gone_a); return 0; }

/* The verifier counts along. */
static NOINLINE void far(struct task_struct *t) { sink = READ(t, gone_a); }
PROGRAM(never_so_far_guarded) { struct task_struct *t = TASK(); ROLLED for (volatile u64 i = 0; i < 6; i++) { if (i == 9) far(t); } return 0; }
/* Of a number that begins in the middle of a stack slot the verifier knows only whether it is 0. */
PROGRAM(half_a_slot_broken) { struct task_struct *t = TASK(); ROLLED for (volatile u32 i = 0; i < 6; i++) { if (i == 9) far(t); } return 0; }
PROGRAM(last_round_broken) { struct task_struct *t = TASK(); ROLLED for (volatile u32 i = 0; i < 6; i++) { if (i == 5) sink = READ(t, gone_a); } return 0; }
PROGRAM(after_count_guarded) { struct task_struct *t = TASK(); u64 i = 0; ROLLED for (; i < 6; i++) { sink = READ(t, pid); HIDE(i); } if (i != 6) sink = READ(t, gone_a); return 0; }
PROGRAM(after_count_broken) { struct task_struct *t = TASK(); u64 i = 0; ROLLED for (; i < 6; i++) { sink = READ(t, pid); HIDE(i); } if (i == 6) sink = READ(t, gone_a); return 0; }

/* The flag is cleared in the first round and used in the second. */
PROGRAM(changed_inside_broken)
{
	struct task_struct *t = TASK();
	u64 has = HAS_GONE(t);

	ROLLED for (int i = 0; i < 4; i++) {
		HIDE(has);
		if (has)
			sink = READ(t, gone_a);
		has = bpf_get_prandom_u32();
	}
	return 0;
}
