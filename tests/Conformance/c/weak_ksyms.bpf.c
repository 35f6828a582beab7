/* A weak typed kernel symbol that no kernel has: loads as 0, yet libbpf asks for kernel BTF to find that out. */
#include "family.h"

struct rq { u32 nr_running; } CORE;
struct task_struct { int pid; u64 start_time; } CORE;

extern const struct rq relo_no_such_symbol __ksym __weak;

SEC("raw_tp/sys_enter")
int weak_ksyms(void *ctx)
{
	if (&relo_no_such_symbol)
		sink = 1;
	sink = BPF_CORE_READ(TASK(), start_time);
	return 0;
}
