/* Many records on few types: order, caching and the section's arithmetic. */
#include "family.h"

struct task_struct { int pid, tgid, exit_code, exit_signal, prio, static_prio, normal_prio, nonesuch; u64 start_time, nvcsw, nivcsw, min_flt, maj_flt; u32 flags, ptrace, personality; } CORE;

#define ONE(f) sink = __builtin_preserve_field_info(((struct task_struct *)0)->f, BPF_FIELD_BYTE_OFFSET); sink = __builtin_preserve_field_info(((struct task_struct *)0)->f, BPF_FIELD_BYTE_SIZE); \
	sink = bpf_core_field_exists(struct task_struct, f); sink = __builtin_preserve_field_info(((struct task_struct *)0)->f, BPF_FIELD_SIGNED);
#define ALL ONE(pid) ONE(tgid) ONE(exit_code) ONE(exit_signal) ONE(prio) ONE(static_prio) ONE(normal_prio) ONE(start_time) \
	ONE(nvcsw) ONE(nivcsw) ONE(min_flt) ONE(maj_flt) ONE(flags) ONE(ptrace) ONE(personality)
#define FOUR ALL ALL ALL ALL

SEC("raw_tp/sys_enter")
int many(void *ctx)
{
	FOUR FOUR FOUR FOUR
	return 0;
}

SEC("raw_tp/sys_exit")
int many_more(void *ctx)
{
	FOUR FOUR
	sink = bpf_core_field_exists(struct task_struct, nonesuch);
	return 0;
}
