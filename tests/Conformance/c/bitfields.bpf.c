/* Bit-fields: offset, size, signedness and both shifts of each, by the probing and the direct macro. */
#include "family.h"

struct task_struct {
	unsigned sched_reset_on_fork : 1;
	unsigned sched_contributes_to_load : 1;
	unsigned sched_migrated : 1;
	unsigned in_execve : 1;
	unsigned in_iowait : 1;
	unsigned brk_randomized : 1;
	unsigned no_cgroup_migration : 1;
	unsigned frozen : 1;
	int pid;
} CORE;
struct sk_buff {
	u8 cloned : 1, nohdr : 1, fclone : 2, peeked : 1, head_frag : 1, pfmemalloc : 1, pp_recycle : 1;
	u8 pkt_type : 3, ignore_df : 1, nf_trace : 1, ip_summed : 2, ooo_okay : 1;
	u32 len;
} CORE;
struct tcp_sock {
	u8 nonagle : 4, thin_lto : 1, recvmsg_inq : 1, repair : 1, frto : 1;
	u8 repair_queue, save_syn : 2, syn_data : 1, is_sack_reneg : 1;
} CORE;
struct inet_sock { u8 recverr : 1, is_icsk : 1, freebind : 1, hdrincl : 1, mc_loop : 1; u16 inet_num; } CORE;
struct bpf_prog { u16 pages; u16 jited : 1, jit_requested : 1, gpl_compatible : 1, cb_access : 1, has_callchain_buf : 1; u32 len; } CORE;
/* Plain in the kernel, bits here; and the other way round: both sides of the rule are used. */
struct file { unsigned f_flags : 24, f_mode : 8; } CORE;
struct sock { u8 sk_no_check_tx, sk_userlocks; u32 sk_protocol : 8, sk_type : 16; s32 sk_rcvbuf : 20; } CORE;

#define BITS(p, f) (BPF_CORE_READ_BITFIELD_PROBED(p, f))

SEC("raw_tp/sys_enter")
int bits_probed(u64 *ctx)
{
	struct task_struct *t = TASK();
	struct sk_buff *skb = (void *)ctx[0];
	struct tcp_sock *tcp = (void *)ctx[0];
	struct inet_sock *inet = (void *)ctx[0];
	struct bpf_prog *prog = (void *)ctx[0];
	struct file *file = (void *)ctx[0];
	struct sock *sock = (void *)ctx[0];

	sink = BITS(t, sched_reset_on_fork) + BITS(t, sched_migrated) + BITS(t, in_execve) + BITS(t, in_iowait);
	sink = BITS(t, brk_randomized) + BITS(t, no_cgroup_migration) + BITS(t, frozen);
	sink = BITS(skb, fclone) + BITS(skb, peeked) + BITS(skb, pkt_type) + BITS(skb, ip_summed) + BITS(skb, pp_recycle);
	sink = BITS(tcp, nonagle) + BITS(tcp, repair) + BITS(tcp, save_syn) + BITS(tcp, is_sack_reneg);
	sink = BITS(inet, recverr) + BITS(inet, hdrincl) + BITS(inet, mc_loop);
	sink = BITS(prog, jited) + BITS(prog, cb_access) + BITS(prog, has_callchain_buf);
	sink = BITS(file, f_flags) + BITS(file, f_mode);
	sink = BITS(sock, sk_protocol) + BITS(sock, sk_type) + BITS(sock, sk_rcvbuf);
	return 0;
}

SEC("tp_btf/sched_switch")
int bits_direct(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];

	sink = BPF_CORE_READ_BITFIELD(t, sched_reset_on_fork);
	sink = BPF_CORE_READ_BITFIELD(t, in_iowait);
	sink = BPF_CORE_READ_BITFIELD(t, pid);
	return 0;
}
