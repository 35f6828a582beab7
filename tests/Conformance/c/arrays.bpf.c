/* Arrays, arrays of arrays, arrays of structs: whole, an element, a member of an element. */
#include "family.h"

struct list_head { struct list_head *next, *prev; } CORE;
struct free_area { struct list_head free_list[2]; u64 nr_free; } CORE;
struct zone { u64 watermark_boost; struct free_area free_area[5]; u64 _watermark[2]; } CORE;
struct task_struct { int pid; char comm[16]; struct { u64 sum; } unused[2]; } CORE;
struct utsname_local { int x; } CORE;
struct new_utsname { char nodename[65], release[65]; } CORE;
struct uts_namespace { struct new_utsname name; } CORE;
struct sem_array_holder { u32 m[3][4][5]; } CORE;
struct pglist_data { struct zone node_zones[2]; int nr_zones; } CORE;
struct tcphdr_holder { u8 x; } CORE;
struct user_namespace { u64 ucount_max[4]; long rlimit_max[3]; } CORE;

SEC("raw_tp/sys_enter")
int arrays(u64 *ctx)
{
	struct zone *zone = (void *)ctx[0];
	struct pglist_data *node = (void *)ctx[0];
	struct uts_namespace *uts = (void *)ctx[0];
	struct user_namespace *user = (void *)ctx[0];
	struct sem_array_holder *cube = (void *)ctx[0];
	struct task_struct *t = TASK();

	sink = BPF_CORE_READ(zone, free_area[3].nr_free) + BPF_CORE_READ(zone, _watermark[1]);
	sink = BPF_CORE_READ(zone, free_area[2].free_list[1].next) != 0;
	sink = BPF_CORE_READ(node, node_zones[1].free_area[4].nr_free) + BPF_CORE_READ(node, nr_zones);
	sink = BPF_CORE_READ(uts, name.release[9]) + bpf_core_field_size(uts->name) + bpf_core_field_size(uts->name.release);
	sink = BPF_CORE_READ(user, ucount_max[2]) + bpf_core_field_exists(user->rlimit_max[2]);
	sink = bpf_core_field_exists(cube->m[1][2][3]) + bpf_core_field_exists(t->unused[1].sum);
	sink = bpf_core_field_offset(zone->free_area[3]) + bpf_core_field_size(zone->free_area[3]);
	/* The pointer's own index: the second and the third task of an array of tasks. */
	sink = bpf_core_field_exists(t[1].pid) + bpf_core_field_exists(t[2].comm[1]);
	return 0;
}
SEC("tp_btf/sched_switch")
int arrays_direct(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[1];

	sink = t->comm[0] + t->comm[15];
	return 0;
}
