/* Typed kernel symbols, strong and weak, beside records: they need kernel BTF whatever is relocated. */
#include "family.h"

struct rq { u32 nr_running; u64 clock; } CORE;
struct task_struct { int pid; void *sched_class; } CORE;

extern const struct rq runqueues __ksym;
extern const struct rq no_such_symbol __ksym __weak;

SEC("raw_tp/sys_enter")
int ksyms_typed(void *ctx)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	if (rq)
		sink = rq->nr_running;
	sink = &no_such_symbol != 0;
	sink = BPF_CORE_READ(TASK(), pid);
	return 0;
}
