/* The other half of weak: the same weak function and a program beside it, with other types. */
#define sink sink2
#define LICENSE LICENSE_OF_NO_SECTION
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

typedef unsigned long long u64;
volatile u64 sink2;
char _license[] SEC("license") = "GPL";

struct task_struct { u64 start_time; int pid; int nonesuch; } __attribute__((preserve_access_index));

__attribute__((weak, noinline)) int weak_read(u64 which)
{
	struct task_struct *t = (void *)bpf_get_current_task();

	return which ? BPF_CORE_READ(t, nonesuch) : BPF_CORE_READ(t, pid);
}

SEC("raw_tp/sys_exit")
int weak_second(void *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();

	sink2 = weak_read(0) + BPF_CORE_READ(t, start_time);
	return 0;
}
