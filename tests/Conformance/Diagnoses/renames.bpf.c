// SPDX-License-Identifier: GPL-2.0-only
/* Fields that newer kernels have under another name or in another place. Declared as in Linux 5.4, only as far as read. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
struct task_struct { volatile long state; long nowhere_at_all; } __attribute__((preserve_access_index));
struct timespec64 { long tv_sec; long tv_nsec; } __attribute__((preserve_access_index));
struct inode { struct timespec64 i_ctime; } __attribute__((preserve_access_index));
struct gendisk { int major; } __attribute__((preserve_access_index));
struct request { struct gendisk *rq_disk; } __attribute__((preserve_access_index));
long out[4];
SEC("raw_tp/a") int state(struct bpf_raw_tracepoint_args *ctx)
{
	out[0] = BPF_CORE_READ((struct task_struct *)ctx->args[0], state);
	return 0;
}
SEC("raw_tp/b") int ctime(struct bpf_raw_tracepoint_args *ctx)
{
	out[1] = BPF_CORE_READ((struct inode *)ctx->args[0], i_ctime.tv_sec);
	return 0;
}
SEC("raw_tp/c") int disk(struct bpf_raw_tracepoint_args *ctx)
{
	out[2] = BPF_CORE_READ((struct request *)ctx->args[0], rq_disk, major);
	return 0;
}
SEC("raw_tp/d") int nowhere(struct bpf_raw_tracepoint_args *ctx)
{
	out[3] = BPF_CORE_READ((struct task_struct *)ctx->args[0], nowhere_at_all);
	return 0;
}
char _license[] SEC("license") = "GPL";
