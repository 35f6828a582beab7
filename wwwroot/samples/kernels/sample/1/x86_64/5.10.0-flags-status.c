// SPDX-License-Identifier: GPL-2.0-only
/* A very small kernel: types named and ordered as in Linux 5.10 for x86_64, with few members. task_struct.state is at 16. */
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

struct thread_info {
	unsigned long flags;
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
