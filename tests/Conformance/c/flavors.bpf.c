/* Flavours: what stands behind the last ___ is ours. Names whose underscores are no separator are here too. */
#include "family.h"

struct task_struct___old { long state; int pid; } CORE;
struct task_struct___new { u32 __state; int pid; } CORE;
struct task_struct___a___b { int tgid; } CORE;		/* asks for task_struct___a */
struct task_struct____four { int tgid; } CORE;		/* no separator: four underscores */
struct task_struct___ { int tgid; } CORE;		/* nothing behind it */
struct ___task_struct { int tgid; } CORE;		/* nothing before it */
struct mm_struct___x { struct { int counter; } mm_users; u64 pgd; } CORE;
typedef struct { int counter; } atomic_t___mine;
enum pid_type___mine { PIDTYPE_SID___mine = 44 };

SEC("raw_tp/sys_enter")
int flavors(void *ctx)
{
	void *t = (void *)bpf_get_current_task();
	struct task_struct___old *old = t;
	struct task_struct___new *new = t;
	struct mm_struct___x *mm = t;

	if (bpf_core_field_exists(new->__state))
		sink = BPF_CORE_READ(new, __state);
	else
		sink = BPF_CORE_READ(old, state);
	sink = BPF_CORE_READ(old, pid) == BPF_CORE_READ(new, pid);
	sink = bpf_core_type_exists(struct task_struct___a___b) + bpf_core_type_exists(struct task_struct____four);
	sink = bpf_core_type_exists(struct task_struct___) + bpf_core_type_exists(struct ___task_struct);
	sink = BPF_CORE_READ(mm, mm_users.counter) + bpf_core_field_size(mm->pgd);
	sink = bpf_core_type_size(atomic_t___mine) + bpf_core_enum_value(enum pid_type___mine, PIDTYPE_SID___mine);
	return 0;
}
