/* Static and global functions in .text, called from several programs, with records of their own. */
#include "family.h"

struct task_struct { int tgid, pid; u64 start_time; struct task_struct *group_leader; } CORE;

static NOINLINE int read_pid(struct task_struct *t)
{
	return BPF_CORE_READ(t, pid);
}

NOINLINE u64 global_start(u64 flags)
{
	struct task_struct *t = TASK();

	return BPF_CORE_READ(t, start_time) + flags;
}

static NOINLINE int unused_between(struct task_struct *t)
{
	return read_pid(t) + BPF_CORE_READ(t, group_leader, tgid);
}

SEC("raw_tp/sys_enter")
int first_caller(void *ctx)
{
	sink = read_pid(TASK()) + global_start(1);
	return 0;
}

SEC("raw_tp/sys_enter")
int second_caller(void *ctx)
{
	sink = unused_between(TASK()) + BPF_CORE_READ(TASK(), tgid);
	return 0;
}
