/* Calls that the verifier refuses without there being a record: bpf_core_unreachable() of some headers, unknown helpers. */
#include "guards.h"

#define UNREACHABLE() asm volatile("call 0xbad2310" ::: "r0", "r1", "r2", "r3", "r4", "r5")

enum bpf_func_id___here { BPF_FUNC_map_lookup_elem___here = 1, BPF_FUNC_relo_never___here = 60000 };
static long (*unknown_helper)(void) = (void *)60000;

PROGRAM(unreachable_guarded) { if (bpf_core_type_exists(struct gone_type)) UNREACHABLE(); return 0; }
PROGRAM(unreachable_broken) { if (bpf_core_type_exists(struct task_struct)) UNREACHABLE(); return 0; }
PROGRAM(no_variant_broken)
{
	struct task_struct *t = TASK();

	if (bpf_core_field_exists(t->gone_a))
		sink = READ(t, gone_a);
	else if (bpf_core_field_exists(t->gone_b))
		sink = READ(t, gone_b);
	else
		UNREACHABLE();
	return 0;
}
PROGRAM(one_variant_guarded)
{
	struct task_struct *t = TASK();

	if (bpf_core_field_exists(t->gone_a))
		sink = READ(t, gone_a);
	else if (bpf_core_field_exists(t->pid))
		sink = READ(t, pid);
	else
		UNREACHABLE();
	return 0;
}
PROGRAM(unknown_helper_guarded) { if (bpf_core_enum_value_exists(enum bpf_func_id___here, BPF_FUNC_relo_never___here)) sink = unknown_helper(); return 0; }
PROGRAM(unknown_helper_broken) { if (bpf_core_enum_value_exists(enum bpf_func_id___here, BPF_FUNC_map_lookup_elem___here)) sink = unknown_helper(); return 0; }
PROGRAM(unknown_helper_alone_broken) { sink = unknown_helper(); return 0; }
