// SPDX-License-Identifier: GPL-2.0-only
/* Programs that every kernel refuses, each for one reason; README.md says how their logs were made. */
typedef unsigned int __u32;
typedef unsigned long long __u64;

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define noinline __attribute__((noinline))

struct task_struct {
	int pid;
	long nonesuch;
} CORE;

enum nonesuch_enum { NONESUCH };

static __u64 (*bpf_get_current_task)(void) = (void *)35;
static long (*bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
static long (*no_such_helper)(void) = (void *)999;

/* libbpf appends last_by_name first, because it is called first; cilium/ebpf appends by name. */
static noinline long last_by_name(struct task_struct *task)
{
	int pid = 0;

	bpf_probe_read_kernel(&pid, sizeof(pid), __builtin_preserve_access_index(&task->pid));
	return pid;
}

static noinline long first_by_name(struct task_struct *task)
{
	long value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), __builtin_preserve_access_index(&task->nonesuch));
	return value;
}

SEC("raw_tp/sched_switch")
int in_subprogram(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return last_by_name(task) + first_by_name(task);
}

SEC("raw_tp/sched_wakeup")
int in_program(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	long value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), __builtin_preserve_access_index(&task->nonesuch));
	return value;
}

SEC("raw_tp/sched_waking")
int enumerator(void *ctx)
{
	return __builtin_preserve_enum_value(*(enum nonesuch_enum *)NONESUCH, 1);
}

SEC("raw_tp/sys_enter")
int helper(void *ctx)
{
	return no_such_helper();
}

SEC("fentry/nonesuch_function")
int target(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit")
int context(__u64 *ctx)
{
	return ctx[1000];
}

char _license[] SEC("license") = "GPL";
