/* Anonymous structs and unions: a level more, a level less, another order than the kernel has. */
#include "family.h"

struct sock_common {
	union {
		struct { union { u32 skc_daddr; u32 skc_other; }; u32 skc_rcv_saddr; };
		u64 skc_addrpair;
	};
	struct { struct { u16 skc_num; }; u16 skc_dport; };
	u16 skc_family;
} CORE;
struct page { u64 flags; union { struct { union { void *mapping; }; u64 index; }; u64 private; }; } CORE;
struct file { union { struct { void *f_inode; }; u32 unused; }; u64 f_pos; } CORE;
struct sk_buff { union { struct { struct { void *dev; }; }; }; struct { u32 len, data_len; }; void *sk; u32 hash; } CORE;
struct task_struct { struct { struct { struct { int pid; } ; int tgid; }; }; union { void *stack; }; } CORE;
struct inode { u64 i_ino; union { u32 i_nlink; u32 __i_nlink; }; u64 i_size; } CORE;

SEC("raw_tp/sys_exit")
int anonymous(u64 *ctx)
{
	struct sock_common *sk = (void *)ctx[0];
	struct page *page = (void *)ctx[0];
	struct file *file = (void *)ctx[0];
	struct sk_buff *skb = (void *)ctx[0];
	struct inode *inode = (void *)ctx[0];
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(sk, skc_daddr) + BPF_CORE_READ(sk, skc_rcv_saddr) + BPF_CORE_READ(sk, skc_addrpair);
	sink = BPF_CORE_READ(sk, skc_num) + BPF_CORE_READ(sk, skc_dport) + BPF_CORE_READ(sk, skc_family);
	sink = BPF_CORE_READ(page, index) + BPF_CORE_READ(page, private) + (BPF_CORE_READ(page, mapping) != 0);
	sink = (BPF_CORE_READ(file, f_inode) != 0) + BPF_CORE_READ(file, f_pos);
	sink = (BPF_CORE_READ(skb, dev) != 0) + BPF_CORE_READ(skb, data_len) + BPF_CORE_READ(skb, hash);
	sink = BPF_CORE_READ(inode, i_ino) + BPF_CORE_READ(inode, i_nlink) + BPF_CORE_READ(inode, __i_nlink);
	sink = BPF_CORE_READ(t, pid) + BPF_CORE_READ(t, tgid) + (BPF_CORE_READ(t, stack) != 0);
	return 0;
}

SEC("tp_btf/sched_switch")
int anonymous_direct(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];

	sink = t->pid + t->tgid;
	sink = bpf_core_field_exists(((struct sock_common *)0)->skc_other);
	return 0;
}
