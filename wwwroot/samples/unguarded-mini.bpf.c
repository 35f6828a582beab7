// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program with a fault, written for Relo: it reads a field that only newer kernels have, and does not check first.
 * The verifier of an older kernel refuses it; the report names the line.
 */
typedef unsigned int __u32;
typedef unsigned long long __u64;

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

static long (*bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;

/* As Linux 5.14 has it; up to 5.13 the field is "volatile long state". */
struct task_struct {
	unsigned int __state;
	int pid;
} CORE;

__u64 asleep;

SEC("raw_tp/sched_switch")
int count_asleep(__u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1];
	__u64 front[16] = {};

	if (bpf_probe_read_kernel(front, sizeof(front), prev))
		return 0;
	if (((struct task_struct *)front)->__state != 0)
		__sync_fetch_and_add(&asleep, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
