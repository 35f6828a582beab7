/* Every field question asked of plain members: offset, size, signedness, both shifts. */
#include "family.h"

enum pid_type { PIDTYPE_PID = -1 };
struct list_head { void *next, *prev; } CORE;
struct task_struct { int pid; u64 start_time; char comm[16]; struct list_head tasks; void *mm; u32 flags; unsigned short nothing; long exit_code; } CORE;
struct pid { int count; unsigned level; } CORE;
struct file { u64 f_pos; u32 f_mode; } CORE;

#define ASK(p, f) do { \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_BYTE_OFFSET); \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_BYTE_SIZE); \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_EXISTS); \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_SIGNED); \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_LSHIFT_U64); \
	sink = __builtin_preserve_field_info((p)->f, BPF_FIELD_RSHIFT_U64); \
} while (0)

SEC("raw_tp/sys_enter")
int facts(u64 *ctx)
{
	struct task_struct *t = TASK();
	struct pid *pid = (void *)ctx[0];
	struct file *file = (void *)ctx[0];

	ASK(t, pid);
	ASK(t, start_time);
	ASK(t, flags);
	ASK(t, exit_code);
	ASK(pid, level);
	ASK(file, f_pos);
	ASK(file, f_mode);
	return 0;
}
