/* bpf_core_type_matches: names, sizes and shapes compared all the way down, pointers by name. */
#include "family.h"

struct mm_struct;
struct task_struct { int pid; struct mm_struct *mm; } CORE;		/* a part of the real one */
struct task_struct___wrong { u64 pid; } CORE;
struct task_struct___pointer { struct task_struct *real_parent; struct not_mm *mm; } CORE;
struct list_head { struct list_head *next, *prev; } CORE;
struct list_head___more { struct list_head *next, *prev, *third; } CORE;
struct hlist_node { struct hlist_node *next, **pprev; } CORE;
union nf_inet_addr { u32 ip; u32 all[4]; } CORE;
union nf_inet_addr___short { u32 all[3]; } CORE;
enum pid_type { PIDTYPE_PID, PIDTYPE_TGID };
enum pid_type___extra { PIDTYPE_PID___extra, NOT_A_PIDTYPE };
typedef struct { int counter; } atomic_t;
typedef struct { unsigned counter; } atomic_t___unsigned;
typedef int (*initcall_t)(void);
typedef int (*initcall_t___arg)(int);
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *head); } CORE;
struct callback_head___wrong { struct callback_head *next; int (*func)(struct callback_head *head); } CORE;
struct nonesuch { int x; } CORE;

SEC("raw_tp/sys_enter")
int matches(void *ctx)
{
	sink = bpf_core_type_matches(struct task_struct);
	sink = bpf_core_type_matches(struct task_struct___wrong);
	sink = bpf_core_type_matches(struct task_struct___pointer);
	sink = bpf_core_type_matches(struct list_head);
	sink = bpf_core_type_matches(struct list_head___more);
	sink = bpf_core_type_matches(struct hlist_node);
	sink = bpf_core_type_matches(union nf_inet_addr);
	sink = bpf_core_type_matches(union nf_inet_addr___short);
	sink = bpf_core_type_matches(enum pid_type);
	sink = bpf_core_type_matches(enum pid_type___extra);
	sink = bpf_core_type_matches(atomic_t);
	sink = bpf_core_type_matches(atomic_t___unsigned);
	sink = bpf_core_type_matches(initcall_t);
	sink = bpf_core_type_matches(initcall_t___arg);
	sink = bpf_core_type_matches(struct callback_head);
	sink = bpf_core_type_matches(struct callback_head___wrong);
	sink = bpf_core_type_matches(struct nonesuch);
	return 0;
}
