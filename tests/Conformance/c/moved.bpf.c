/* Members that lie elsewhere in the kernel: read through helpers (ALU records) and directly (LDX records). */
#include "family.h"

struct task_struct;
struct mm_struct { u64 start_code, end_code; u64 arg_start; } CORE;
struct nsproxy { void *uts_ns; void *mnt_ns; } CORE;
struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	struct nsproxy *nsproxy;
	char comm[16];
	u64 start_time;
	u32 flags;
	int exit_code, prio;
} CORE;

SEC("raw_tp/sys_enter")
int moved_helpers(void *ctx)
{
	struct task_struct *t = TASK();
	char comm[16];

	sink = BPF_CORE_READ(t, pid);
	sink = BPF_CORE_READ(t, real_parent, real_parent, group_leader, tgid);
	sink = BPF_CORE_READ(t, mm, arg_start);
	sink = BPF_CORE_READ(t, nsproxy, mnt_ns) != 0;
	BPF_CORE_READ_STR_INTO(&comm, t, group_leader, comm);
	sink = comm[0];
	sink = BPF_CORE_READ(t, start_time) + BPF_CORE_READ(t, exit_code);
	return 0;
}

SEC("tp_btf/sched_switch")
int moved_direct(u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1], *next = (void *)ctx[2];

	sink = prev->pid + next->tgid;
	sink = prev->flags;
	sink = next->start_time;
	sink = next->real_parent->pid;
	sink = next->comm[3];
	sink = next->prio;
	return 0;
}

SEC("kprobe/do_exit")
int moved_kprobe(void *ctx)
{
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(t, mm, start_code) - BPF_CORE_READ(t, mm, end_code);
	return 0;
}
