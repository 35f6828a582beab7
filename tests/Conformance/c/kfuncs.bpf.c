/* Kernel functions: called by the id they have in kernel BTF, weak ones too. */
#include "family.h"

struct task_struct { int pid, tgid; } CORE;

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_no_such_kfunc(int which) __ksym __weak;

SEC("tp_btf/sched_switch")
int kfuncs(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];

	bpf_rcu_read_lock();
	sink = t->pid;
	bpf_rcu_read_unlock();
	if (bpf_no_such_kfunc)
		bpf_no_such_kfunc(t->tgid);
	return 0;
}

/* Nothing but the kernel function asks for kernel BTF here. */
SEC("raw_tp/sys_enter")
int kfuncs_raw(void *ctx)
{
	bpf_rcu_read_lock();
	sink = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), tgid);
	bpf_rcu_read_unlock();
	return 0;
}
