/* Programs that load only on request: SEC("?…"), sharing .text with others. */
#include "family.h"

struct task_struct { u32 flags; int pid; int nonesuch; } CORE;

static NOINLINE int shared(struct task_struct *t)
{
	return BPF_CORE_READ(t, flags);
}

SEC("?raw_tp/sys_enter")
int optional_first(void *ctx)
{
	sink = shared(TASK()) + BPF_CORE_READ(TASK(), pid);
	return 0;
}

SEC("?raw_tp/sys_enter")
int optional_poisoned(void *ctx)
{
	sink = BPF_CORE_READ(TASK(), nonesuch);
	return 0;
}

SEC("raw_tp/sys_exit")
int always(void *ctx)
{
	sink = shared(TASK());
	return 0;
}
