/* const, volatile, typedefs of typedefs around roots and members; some of them are the kernel's too. */
#include "family.h"

typedef const int cint;
typedef volatile cint vcint;
typedef vcint pid_type_t;
typedef struct { int counter; } atomic_inner;
typedef atomic_inner atomic_outer;
typedef struct mm_struct { const volatile u64 task_size; atomic_outer mm_count; } CORE mm_alias;
struct task_struct { pid_type_t pid; const mm_alias *const volatile mm; const char comm[16]; int (*restore)(const void *); } CORE;
typedef struct task_struct task_t;
typedef const volatile task_t ctask_t;

SEC("raw_tp/sys_enter")
int modifiers(void *ctx)
{
	ctask_t *t = (void *)bpf_get_current_task();

	sink = BPF_CORE_READ(t, pid) + BPF_CORE_READ(t, comm[3]);
	sink = BPF_CORE_READ(t, mm, task_size) + BPF_CORE_READ(t, mm, mm_count.counter);
	sink = bpf_core_type_exists(struct task_struct);
	return 0;
}
SEC("tp_btf/sched_switch")
int modifiers_direct(u64 *ctx)
{
	ctask_t *t = (void *)ctx[1];

	sink = t->pid;
	sink = t->mm->task_size;
	return 0;
}
