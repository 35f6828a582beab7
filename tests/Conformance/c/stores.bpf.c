/* Stores: a register (STX), a constant (ST where the compiler has it), into members that move, shrink, grow. */
#include "family.h"

struct sock_common { u16 skc_family; u16 skc_num; u32 skc_hash; } CORE;
struct tcp_sock { u32 snd_cwnd, snd_ssthresh, snd_cwnd_cnt; u64 bytes_acked; u16 gso_segs; } CORE;
struct tcp_sock___wide { u64 snd_cwnd, snd_ssthresh; u32 bytes_acked; } CORE;
struct task_struct { int pid; u64 flags; void *stack; } CORE;

SEC("tp_btf/sched_switch")
int stores(u64 *ctx)
{
	struct tcp_sock *tcp = (void *)ctx[1];
	struct tcp_sock___wide *wide = (void *)ctx[1];
	struct task_struct *t = (void *)ctx[1];
	struct sock_common *sk = (void *)ctx[2];

	tcp->snd_cwnd = ctx[0];
	tcp->snd_ssthresh = 17;
	tcp->bytes_acked = ctx[2];
	tcp->gso_segs = ctx[2];
	wide->snd_cwnd = ctx[0];
	wide->snd_ssthresh = 19;
	wide->bytes_acked = ctx[1];
	t->flags = 3;
	t->stack = (void *)ctx[2];
	t->pid = ctx[0];
	sk->skc_family = 2;
	sk->skc_hash = ctx[0];
	__sync_fetch_and_add(&tcp->snd_cwnd_cnt, 1);
	return 0;
}
