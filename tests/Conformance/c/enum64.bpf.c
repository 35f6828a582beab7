/* 64-bit enums against the kernel's 32-bit ones of the same name and the other way round. */
#include "family.h"

enum pid_type { PIDTYPE_PID = 0x100000005ULL, PIDTYPE_TGID, PIDTYPE_MAX };
enum zone_type { ZONE_NORMAL = -0x100000000LL, ZONE_MOVABLE };
enum bpf_ringbuf_state { BPF_RB_BUSY = 1ULL << 33, BPF_RB_WIDE = 0xffffffffffffffffULL };
enum nonesuch64 { NONESUCH64 = 1ULL << 40 };
struct task_struct { enum pid_type pid; int tgid; } CORE;

SEC("raw_tp/sys_enter")
int enum64(void *ctx)
{
	struct task_struct *t = TASK();

	sink = bpf_core_enum_value(enum pid_type, PIDTYPE_TGID);
	sink = bpf_core_enum_value(enum zone_type, ZONE_MOVABLE);
	sink = bpf_core_enum_value_exists(enum bpf_ringbuf_state, BPF_RB_WIDE);
	sink = bpf_core_enum_value_exists(enum nonesuch64, NONESUCH64);
	sink = bpf_core_type_size(enum pid_type) + bpf_core_type_exists(enum zone_type) + bpf_core_type_exists(enum nonesuch64);
	sink = bpf_core_field_exists(t->pid) + BPF_CORE_READ(t, tgid);
	return 0;
}
