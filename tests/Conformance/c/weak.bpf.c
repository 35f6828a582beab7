/* Weak functions: linked with weak2, one of the two copies is left without a program and keeps its records. */
#include "family.h"

struct task_struct { int tgid, pid; u64 start_time; } CORE;

__attribute__((weak)) NOINLINE int weak_read(u64 which)
{
	struct task_struct *t = TASK();

	return which ? BPF_CORE_READ(t, pid) : BPF_CORE_READ(t, tgid);
}

SEC("raw_tp/sys_enter")
int weak_caller(void *ctx)
{
	sink = weak_read(1) + BPF_CORE_READ(TASK(), start_time);
	return 0;
}
