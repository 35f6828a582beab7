/* Everything that can be asked of a kernel, used as a guard. */
#include "guards.h"

struct gone_type___other { int other; } CORE;
struct task_struct___wrong { u64 pid; u64 never_there; } CORE;
struct list_head { struct list_head *next, *prev; } CORE;
struct list_head___wrong { int next; } CORE;

PROGRAM(type_exists_guarded) { struct task_struct *t = TASK(); if (bpf_core_type_exists(struct gone_type)) sink = READ(t, gone_a); return 0; }
PROGRAM(type_exists_broken) { struct task_struct *t = TASK(); if (bpf_core_type_exists(struct list_head)) sink = READ(t, gone_a); return 0; }

PROGRAM(type_size_guarded) { struct task_struct *t = TASK(); if (bpf_core_type_size(struct gone_type) > 0) sink = READ(t, gone_a); return 0; }
PROGRAM(type_size_broken) { struct task_struct *t = TASK(); if (bpf_core_type_size(struct list_head) == 16) sink = READ(t, gone_a); return 0; }

PROGRAM(field_size_guarded) { struct task_struct *t = TASK(); if (bpf_core_field_size(t->pid) == 8) sink = READ(t, gone_a); return 0; }
PROGRAM(field_size_broken) { struct task_struct *t = TASK(); if (bpf_core_field_size(t->pid) == 4) sink = READ(t, gone_a); return 0; }

PROGRAM(field_size_range_guarded) { struct task_struct *t = TASK(); if (bpf_core_field_size(t->pid) > 4) sink = READ(t, gone_a); return 0; }
PROGRAM(field_size_range_broken) { struct task_struct *t = TASK(); if (bpf_core_field_size(t->pid) <= 4) sink = READ(t, gone_a); return 0; }

PROGRAM(enum_exists_guarded) { struct task_struct *t = TASK(); if (bpf_core_enum_value_exists(enum pid_type, PIDTYPE_GONE)) sink = READ(t, gone_a); return 0; }
PROGRAM(enum_exists_broken) { struct task_struct *t = TASK(); if (bpf_core_enum_value_exists(enum pid_type, PIDTYPE_PID)) sink = READ(t, gone_a); return 0; }

/* The value of a missing enumerator is itself poisoned. */
PROGRAM(enum_value_guarded) { if (bpf_core_enum_value_exists(enum pid_type, PIDTYPE_GONE)) sink = bpf_core_enum_value(enum pid_type, PIDTYPE_GONE); return 0; }
PROGRAM(enum_value_broken) { sink = bpf_core_enum_value(enum pid_type, PIDTYPE_GONE); return 0; }

PROGRAM(switch_on_enum_guarded)
{
	struct task_struct *t = TASK();

	switch (bpf_core_enum_value(enum pid_type, PIDTYPE_PID)) {
	case 0: sink = READ(t, pid); break;
	case 1: sink = READ(t, gone_a); break;
	case 2: sink = READ(t, gone_b); break;
	case 3: sink = READ(t, flags); break;
	default: sink = READ(t, gone_c); break;
	}
	return 0;
}

PROGRAM(switch_on_enum_broken)
{
	struct task_struct *t = TASK();

	switch (bpf_core_enum_value(enum pid_type, PIDTYPE_PID)) {
	case 0: sink = READ(t, gone_a); break;
	case 1: sink = READ(t, pid); break;
	case 2: sink = READ(t, flags); break;
	case 3: sink = READ(t, start_time); break;
	default: break;
	}
	return 0;
}

#if __has_builtin(__builtin_preserve_type_info) && __clang_major__ >= 15
PROGRAM(type_matches_guarded) { struct task_struct *t = TASK(); if (bpf_core_type_matches(struct list_head___wrong)) sink = READ(t, gone_a); return 0; }
PROGRAM(type_matches_broken) { struct task_struct *t = TASK(); if (bpf_core_type_matches(struct list_head)) sink = READ(t, gone_a); return 0; }
#endif

/* A flavour for each kernel. */
PROGRAM(flavours_guarded)
{
	struct task_struct___wrong *w = (void *)TASK();

	if (bpf_core_field_exists(w->never_there))
		sink = READ(w, never_there);
	else
		sink = READ((struct task_struct *)w, pid);
	return 0;
}

PROGRAM(flavours_broken)
{
	struct task_struct___wrong *w = (void *)TASK();

	if (bpf_core_field_exists(w->never_there))
		sink = READ((struct task_struct *)w, pid);
	else
		sink = READ(w, never_there);
	return 0;
}
