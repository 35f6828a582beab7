/* Flexible arrays: any index is right behind the last member, in the target too; elsewhere bounds count. */
#include "family.h"

struct bpf_array { u32 elem_size; u32 index_mask; char value[]; } CORE;
struct bpf_prog { u32 len; u64 insns[]; } CORE;
struct cgroup { int level; u64 ancestor_ids[]; } CORE;
struct cgroup___new { int level; struct cgroup *ancestors[]; } CORE;
struct linux_binprm { int argc; char buf[16]; } CORE;
struct dentry { char d_iname[8]; void *d_parent; } CORE;
struct task_struct { char comm[32]; int pid; } CORE;
struct ip_options { u32 faddr; u8 __data[]; } CORE;

SEC("raw_tp/sys_enter")
int flexible(u64 *ctx)
{
	struct bpf_array *array = (void *)ctx[0];
	struct bpf_prog *prog = (void *)ctx[0];
	struct cgroup *group = (void *)ctx[0];
	struct cgroup___new *renewed = (void *)ctx[0];
	struct linux_binprm *bprm = (void *)ctx[0];
	struct dentry *dentry = (void *)ctx[0];
	struct ip_options *options = (void *)ctx[0];
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(array, value[0]) + BPF_CORE_READ(array, value[7]) + BPF_CORE_READ(array, index_mask);
	sink = BPF_CORE_READ(prog, insns[3]) + bpf_core_field_exists(prog->insns[1]);
	sink = bpf_core_field_exists(group->ancestor_ids[2]) ? BPF_CORE_READ(group, ancestor_ids[2]) : 0;
	sink = bpf_core_field_exists(renewed->ancestors[1]) ? BPF_CORE_READ(renewed, ancestors[1], level) : 0;
	sink = BPF_CORE_READ(bprm, buf[15]) + BPF_CORE_READ(dentry, d_iname[5]);
	/* One past the kernel's end: 16 is what comm has. */
	sink = bpf_core_field_exists(t->comm[15]) + bpf_core_field_exists(t->comm[16]);
	sink = BPF_CORE_READ(options, __data[9]);
	sink = bpf_core_field_size(t->comm) + bpf_core_field_size(t->comm[4]);
	return 0;
}
