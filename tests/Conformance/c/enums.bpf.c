/* Enumerators: their value in the kernel, whether they are there, negative ones, flavoured ones, missing enums. */
#include "family.h"

enum cgroup_subsys_id { cpuset_cgrp_id = 77, memory_cgrp_id = 78, pids_cgrp_id = 79, nonesuch_cgrp_id = 80 };
enum zone_type { ZONE_NORMAL = 9, ZONE_MOVABLE = 12, ZONE_NOWHERE = 40 };
enum pid_type { PIDTYPE_PID = 5, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID };
enum node_stat_item { NR_LRU_BASE = 1, NR_VMSCAN_WRITE, NR_FILE_MAPPED, NR_KERNEL_MISC_RECLAIMABLE };
enum hrtimer_restart___mine { HRTIMER_NORESTART___mine = 4, HRTIMER_RESTART___mine = 6 };
enum uprobe_filter_ctx { UPROBE_FILTER_REGISTER, UPROBE_FILTER_UNREGISTER = -7, UPROBE_FILTER_MMAP };
enum positive_aop_returns { AOP_WRITEPAGE_ACTIVATED = -1, AOP_TRUNCATED_PAGE = -2147483647 };
enum not_in_any_kernel { NOT_IN_ANY_KERNEL = 3 };

SEC("raw_tp/sys_enter")
int enums(void *ctx)
{
	sink = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	sink = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	sink = bpf_core_enum_value_exists(enum cgroup_subsys_id, nonesuch_cgrp_id);
	sink = bpf_core_enum_value(enum zone_type, ZONE_MOVABLE) + bpf_core_enum_value_exists(enum zone_type, ZONE_NOWHERE);
	sink = bpf_core_enum_value(enum pid_type, PIDTYPE_SID) + bpf_core_enum_value(enum node_stat_item, NR_FILE_MAPPED);
	sink = bpf_core_enum_value(enum hrtimer_restart___mine, HRTIMER_RESTART___mine);
	sink = bpf_core_enum_value_exists(enum uprobe_filter_ctx, UPROBE_FILTER_UNREGISTER);
	if (bpf_core_enum_value_exists(enum uprobe_filter_ctx, UPROBE_FILTER_MMAP))
		sink = bpf_core_enum_value(enum uprobe_filter_ctx, UPROBE_FILTER_MMAP);
	sink = bpf_core_enum_value(enum positive_aop_returns, AOP_TRUNCATED_PAGE);
	if (bpf_core_enum_value_exists(enum not_in_any_kernel, NOT_IN_ANY_KERNEL))
		sink = bpf_core_enum_value(enum not_in_any_kernel, NOT_IN_ANY_KERNEL);
	return 0;
}

SEC("raw_tp/sys_exit")
int enums_poisoned(void *ctx)
{
	sink = bpf_core_enum_value(enum not_in_any_kernel, NOT_IN_ANY_KERNEL);
	return 0;
}
