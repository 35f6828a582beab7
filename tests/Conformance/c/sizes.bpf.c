/* Members of another size: unsigned integers and pointers follow, everything else is poisoned. */
#include "family.h"

struct task_struct { u64 flags; u32 start_time; u16 pid; s64 tgid; s32 nvcsw; u8 prio; u32 mm; void *ptrace; char comm[8]; struct { u64 a, b; } thread_info; } CORE;
struct task_struct___arrays { u32 comm[16]; u64 cpus_mask; } CORE;
struct file { u64 f_mode; u32 f_pos; u64 f_flags; } CORE;
enum pid_type { PIDTYPE_PID };
struct inode { u64 i_mode; u64 i_flags; u32 i_ino; enum pid_type i_uid; } CORE;

SEC("tp_btf/sched_switch")
int sizes_direct(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];
	struct task_struct___arrays *arrays = (void *)ctx[1];
	struct file *file = (void *)ctx[2];
	struct inode *inode = (void *)ctx[2];

	sink = t->flags;
	sink = t->start_time;
	sink = t->pid;
	sink = t->tgid;
	sink = t->nvcsw;
	sink = t->prio;
	sink = t->mm;
	sink = (u64)t->ptrace;
	sink = t->comm[2];
	sink = t->thread_info.b;
	sink = arrays->comm[3];
	sink = arrays->cpus_mask;
	sink = file->f_mode;
	sink = file->f_pos;
	sink = file->f_flags;
	sink = inode->i_mode;
	sink = inode->i_flags;
	sink = inode->i_ino;
	sink = inode->i_uid;
	return 0;
}

SEC("raw_tp/sys_enter")
int sizes_probed(void *ctx)
{
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(t, flags) + BPF_CORE_READ(t, start_time) + BPF_CORE_READ(t, tgid);
	sink = bpf_core_field_size(t->flags) + bpf_core_field_size(t->comm) + bpf_core_field_size(t->thread_info);
	return 0;
}
