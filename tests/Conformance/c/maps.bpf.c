/* Maps, global data and kernel configuration beside records: their own relocations share the instructions' section. */
#include "family.h"

struct task_struct { int pid; u64 utime, stime; } CORE;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, int);
	__type(value, u64);
} times SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

const volatile int wanted_pid = 7;
u64 total;
extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig __weak;

SEC("raw_tp/sys_enter")
int maps(void *ctx)
{
	struct task_struct *t = TASK();
	int pid = BPF_CORE_READ(t, pid);
	u64 *seen, time = BPF_CORE_READ(t, utime) + BPF_CORE_READ(t, stime);

	if (wanted_pid && pid != wanted_pid)
		return 0;
	seen = bpf_map_lookup_elem(&times, &pid);
	if (!seen)
		bpf_map_update_elem(&times, &pid, &time, 0);
	else
		*seen += time;
	total += time;
	if (LINUX_KERNEL_VERSION > 0x50000 && CONFIG_BPF_SYSCALL)
		bpf_perf_event_output(ctx, &events, 0xffffffffULL, &time, sizeof(time));
	return 0;
}
