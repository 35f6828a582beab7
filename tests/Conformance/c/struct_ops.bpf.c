/* A struct_ops map and its programs: their sections and types are asked of the kernel at load, records as everywhere. */
#include "family.h"

struct sock { u32 sk_protocol; } CORE;
struct tcp_sock { u32 snd_cwnd, snd_ssthresh, prior_cwnd; } CORE;
struct tcp_congestion_ops { u32 (*ssthresh)(struct sock *sk); void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk); char name[16]; };

SEC("struct_ops/relo_ssthresh")
u32 relo_ssthresh(u64 *ctx)
{
	struct tcp_sock *tcp = (void *)ctx[0];

	return tcp->snd_cwnd >> 1;
}

SEC("struct_ops/relo_undo")
u32 relo_undo(u64 *ctx)
{
	struct tcp_sock *tcp = (void *)ctx[0];

	return tcp->snd_cwnd > tcp->prior_cwnd ? tcp->snd_cwnd : tcp->prior_cwnd;
}

SEC("struct_ops/relo_avoid")
void relo_avoid(u64 *ctx)
{
	struct tcp_sock *tcp = (void *)ctx[0];

	sink = tcp->snd_ssthresh;
}

SEC(".struct_ops")
struct tcp_congestion_ops relo_cong = {
	.ssthresh = (void *)relo_ssthresh,
	.undo_cwnd = (void *)relo_undo,
	.cong_avoid = (void *)relo_avoid,
	.name = "relo",
};

/* Loads only where the map of its object can be made, for which kernel BTF is asked. */
SEC("raw_tp/sys_enter")
int beside_struct_ops(u64 *ctx)
{
	struct tcp_sock *tcp = (void *)ctx[0];

	sink = BPF_CORE_READ(tcp, snd_cwnd);
	return 0;
}
