// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits long for a CPU? A small example of a CO-RE program, written for Relo.
 *
 * A task that is woken, or switched out while still runnable (state 0), is stamped; when it is switched in, the wait is known.
 * Every kernel type is declared here with only the members that are used, at offsets that are right on no kernel or on
 * some: each access leaves a CO-RE record, and relocation puts the kernel's own offset into the instruction.
 */
typedef unsigned char __u8;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

/* CO-RE questions, as the compiler builtins that they are. */
#define field_exists(field) __builtin_preserve_field_info(field, 2)
#define enum_value_exists(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
#define enum_value(type, value) __builtin_preserve_enum_value(*(type *)value, 1)
#define core_read(to, field) bpf_probe_read_kernel(to, sizeof(*(to)), (const void *)__builtin_preserve_access_index(&(field)))

static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static __u64 (*bpf_ktime_get_ns)(void) = (void *)5;
static long (*bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;

/* Up to Linux 5.10: two members, 16 bytes, so that task_struct.state is at 16. */
struct thread_info {
	unsigned long flags;
	__u32 status;
} CORE;

struct task_struct {
	struct thread_info thread_info;
	volatile long state;
	int pid;
} CORE;

/* From Linux 5.11 there is syscall_work between the two, and state is at 24. What follows "___" is no part of the name. */
struct thread_info___syscall_work {
	unsigned long syscall_work;
} CORE;

enum syscall_work_bit {
	SYSCALL_WORK_BIT_SYSCALL_TRACE,
};

/* From Linux 5.14 the state has another name and another size. */
struct task_struct___renamed_state {
	unsigned int __state;
} CORE;

struct {
	int (*type)[1]; /* hash: pid to the time since when it waits */
	int (*max_entries)[10240];
	__u32 *key;
	__u64 *value;
} waiting SEC(".maps");

struct {
	int (*type)[2]; /* array: 0 = slow waits, 1 = of those, tasks that are being traced */
	int (*max_entries)[2];
	__u32 *key;
	__u64 *value;
} slow SEC(".maps");

const volatile __u64 min_us = 10000;

static __attribute__((always_inline)) void count(__u32 what)
{
	__u64 *counter = bpf_map_lookup_elem(&slow, &what);

	if (counter)
		__sync_fetch_and_add(counter, 1);
}

static __attribute__((always_inline)) void starts_waiting(struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 pid = 0;

	core_read(&pid, task->pid);
	if (pid != 0)
		bpf_map_update_elem(&waiting, &pid, &now, 0);
}

static __attribute__((always_inline)) int waited_long(struct task_struct *task)
{
	__u64 *since, wait;
	__u32 pid = 0;

	core_read(&pid, task->pid);
	since = bpf_map_lookup_elem(&waiting, &pid);
	if (!since)
		return 0;
	wait = bpf_ktime_get_ns() - *since;
	bpf_map_delete_elem(&waiting, &pid);
	return wait >= min_us * 1000;
}

/* The state is near the front: the front is copied at once, and then loaded from at the relocated offset. */
static __attribute__((always_inline)) __s64 state_of(struct task_struct *task)
{
	__u64 front[16] = {};

	if (bpf_probe_read_kernel(front, sizeof(front), task))
		return -1;
	if (field_exists(((struct task_struct___renamed_state *)task)->__state))
		return ((struct task_struct___renamed_state *)front)->__state;
	return ((struct task_struct *)front)->state;
}

/* Present on kernels with syscall_work only; elsewhere the reads are poisoned, and never reached. */
static __attribute__((always_inline)) int is_traced(struct task_struct *task)
{
	struct thread_info___syscall_work *info = (void *)&task->thread_info;
	unsigned long work = 0;

	if (!field_exists(info->syscall_work) || !enum_value_exists(enum syscall_work_bit, SYSCALL_WORK_BIT_SYSCALL_TRACE))
		return 0;
	core_read(&work, info->syscall_work);
	return (work >> enum_value(enum syscall_work_bit, SYSCALL_WORK_BIT_SYSCALL_TRACE)) & 1;
}

/* TP_PROTO(task). A raw_tp program needs no BTF on the node, once it is relocated. */
SEC("raw_tp/sched_wakeup")
int handle_sched_wakeup(__u64 *ctx)
{
	starts_waiting((void *)ctx[0]);
	return 0;
}

/* TP_PROTO(preempt, prev, next) */
SEC("raw_tp/sched_switch")
int handle_sched_switch(__u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1];
	struct task_struct *next = (void *)ctx[2];

	if (state_of(prev) == 0)
		starts_waiting(prev);
	if (!waited_long(next))
		return 0;
	count(0);
	if (is_traced(next))
		count(1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
