/* Untyped kernel symbols: only their address is asked, of /proc/kallsyms, so no kernel BTF is needed. */
#include "family.h"

struct task_struct { int pid; u64 start_time; } CORE;

extern const void schedule __ksym;
extern const void no_such_address __ksym __weak;

SEC("raw_tp/sys_exit")
int kaddresses(void *ctx)
{
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(t, pid) + (u64)&schedule + (u64)&no_such_address;
	return 0;
}
