/* A question libbpf refuses to answer: the signedness of an array's element. The whole object fails. */
#include "family.h"

struct task_struct { int pid; u64 cpus_mask_bits[4]; char comm[16]; } CORE;

SEC("raw_tp/sys_enter")
int refused(void *ctx)
{
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(t, pid);
	sink = __builtin_preserve_field_info(t->comm[2], BPF_FIELD_RSHIFT_U64);
	return 0;
}
