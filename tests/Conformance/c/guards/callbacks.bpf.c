/* Functions that helpers call: verified as the helper would call them. */
#include "guards.h"

struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, u32); __type(value, u64); } values SEC(".maps");

static int without_check(u32 index, void *context) { struct task_struct *t = TASK(); sink = READ(t, gone_a) + index; return 0; }
static int with_check(u32 index, void *context) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a) + index; return 0; }
static int by_context(u32 index, u64 *has) { struct task_struct *t = TASK(); if (*has) sink = READ(t, gone_a) + index; return 0; }
static int by_context_2(u32 index, u64 *has) { struct task_struct *t = TASK(); if (*has) sink = READ(t, gone_a) + index; return 0; }
static int sets(u32 index, u64 *has) { *has = index; return 0; }
static long each(void *map, u32 *key, u64 *value, void *context) { struct task_struct *t = TASK(); if (HAS_GONE(t)) sink = READ(t, gone_a) + *value; return 0; }
static long each_2(void *map, u32 *key, u64 *value, void *context) { struct task_struct *t = TASK(); sink = READ(t, gone_a) + *value; return 0; }

PROGRAM(loop_guarded) { bpf_loop(4, with_check, 0, 0); return 0; }
PROGRAM(loop_broken) { bpf_loop(4, without_check, 0, 0); return 0; }
PROGRAM(loop_call_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) bpf_loop(4, without_check, 0, 0); return 0; }
PROGRAM(loop_no_rounds_guarded) { struct task_struct *t = TASK(); bpf_loop(HAS_GONE(t) ? 4 : 0, without_check, 0, 0); return 0; }
PROGRAM(loop_context_guarded) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t); bpf_loop(4, by_context, &has, 0); return 0; }
PROGRAM(loop_context_broken) { struct task_struct *t = TASK(); u64 has = HAS_PID(t); bpf_loop(4, by_context_2, &has, 0); return 0; }
PROGRAM(loop_sets_broken) { struct task_struct *t = TASK(); u64 has = HAS_GONE(t); bpf_loop(4, sets, &has, 0); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(after_loop_guarded) { struct task_struct *t = TASK(); bool_t has = HAS_GONE(t); bpf_loop(4, with_check, 0, 0); if (has) sink = READ(t, gone_a); return 0; }
PROGRAM(each_guarded) { bpf_for_each_map_elem(&values, each, 0, 0); return 0; }
PROGRAM(each_broken) { bpf_for_each_map_elem(&values, each_2, 0, 0); return 0; }

/* Through a map nothing is known. */
PROGRAM(map_value_broken)
{
	struct task_struct *t = TASK();
	u32 key = 1;
	u64 *value = bpf_map_lookup_elem(&values, &key);

	if (!value)
		return 0;
	*value = HAS_GONE(t);
	if (*(volatile u64 *)value)
		sink = READ(t, gone_a);
	return 0;
}
