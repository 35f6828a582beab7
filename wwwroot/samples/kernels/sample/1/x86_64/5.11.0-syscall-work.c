// SPDX-License-Identifier: GPL-2.0-only
/* A very small kernel: types named and ordered as in Linux 5.11 for x86_64, with few members. task_struct.state is at 24. */
typedef unsigned int u32;
typedef unsigned long long u64;

typedef struct {
	int counter;
} atomic_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct list_head {
	struct list_head *next, *prev;
};

enum syscall_work_bit {
	SYSCALL_WORK_BIT_SECCOMP,
	SYSCALL_WORK_BIT_SYSCALL_TRACEPOINT,
	SYSCALL_WORK_BIT_SYSCALL_TRACE,
	SYSCALL_WORK_BIT_SYSCALL_EMU,
	SYSCALL_WORK_BIT_SYSCALL_AUDIT,
};

struct thread_info {
	unsigned long flags;
	unsigned long syscall_work;
	u32 status;
};

struct task_struct {
	struct thread_info thread_info;
	volatile long state;
	void *stack;
	refcount_t usage;
	unsigned int flags;
	unsigned int ptrace;
	int on_cpu;
	int prio;
	struct list_head tasks;
	int exit_state;
	unsigned in_execve:1;
	unsigned in_iowait:1;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	u64 start_time;
	char comm[16];
};

/* A function puts its types into the BTF. */
void wake_up_new_task(struct task_struct *p)
{
	p->state = 0;
}

int syscall_work_is_set(struct task_struct *p, enum syscall_work_bit bit)
{
	return (p->thread_info.syscall_work >> bit) & 1;
}
