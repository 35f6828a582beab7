/* Kernel symbols, typed and untyped, strong and weak, beside records. */
#include "family.h"

struct rq { u32 nr_running; u64 clock; } CORE;
struct task_struct { int pid; void *sched_class; } CORE;

extern const struct rq runqueues __ksym;
extern const struct rq no_such_symbol __ksym __weak;
extern const void init_task __ksym;
extern const void no_such_address __ksym __weak;

SEC("raw_tp/sys_enter")
int ksyms_typed(void *ctx)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	if (rq)
		sink = rq->nr_running + rq->clock;
	sink = &no_such_symbol != 0;
	return 0;
}

SEC("raw_tp/sys_exit")
int ksyms_untyped(void *ctx)
{
	struct task_struct *t = (void *)&init_task;

	sink = BPF_CORE_READ(t, pid) + (u64)&no_such_address;
	return 0;
}
