/* What the kernel lacks, guarded and not: poisoned ALU, LDX, STX and 64-bit loads, and questions answered with 0. */
#include "family.h"

struct task_struct { int pid; long nonesuch; struct { int x; } pid_deep; } CORE;
struct task_struct___kind { struct { int deeper; } pid; int *tgid; } CORE;
struct nonesuch_struct { u64 field; int bits : 3; } CORE;
enum pid_type { PIDTYPE_NONESUCH = 99 };
enum nonesuch_enum { NONESUCH };

SEC("raw_tp/sys_enter")
int missing_guarded(u64 *ctx)
{
	struct task_struct *t = TASK();
	struct nonesuch_struct *none = (void *)ctx[0];

	if (bpf_core_field_exists(t->nonesuch))
		sink = BPF_CORE_READ(t, nonesuch);
	if (bpf_core_type_exists(struct nonesuch_struct))
		sink = BPF_CORE_READ(none, field) + bpf_core_field_size(none->field);
	if (bpf_core_enum_value_exists(enum pid_type, PIDTYPE_NONESUCH))
		sink = bpf_core_enum_value(enum pid_type, PIDTYPE_NONESUCH);
	sink = bpf_core_type_size(struct nonesuch_struct) + bpf_core_type_id_kernel(struct nonesuch_struct);
	return 0;
}

SEC("tp_btf/sched_switch")
int missing_direct(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];
	struct task_struct___kind *kind = (void *)ctx[1];
	struct nonesuch_struct *none = (void *)ctx[1];

	sink = t->nonesuch;
	sink = t->pid_deep.x;
	sink = kind->pid.deeper;
	sink = (u64)kind->tgid;
	none->field = ctx[0];
	sink = BPF_CORE_READ_BITFIELD(none, bits);
	sink = bpf_core_enum_value(enum nonesuch_enum, NONESUCH);
	return 0;
}
