/* The running kernel's version: libbpf fills it in, the map it lies in is frozen. 3.0.0 is older than every kernel, 99.0.0 newer. */
#include "guards.h"

extern u32 LINUX_KERNEL_VERSION __kconfig;
#define VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

PROGRAM(newer_guarded) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION >= VERSION(99, 0, 0)) sink = READ(t, gone_a); else sink = READ(t, pid); return 0; }
PROGRAM(newer_broken) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION >= VERSION(3, 0, 0)) sink = READ(t, gone_a); else sink = READ(t, pid); return 0; }
PROGRAM(older_guarded) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION < VERSION(3, 0, 0)) sink = READ(t, gone_a); return 0; }
PROGRAM(older_broken) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION < VERSION(99, 0, 0)) sink = READ(t, gone_a); return 0; }
PROGRAM(between_guarded) { struct task_struct *t = TASK(); u32 v = LINUX_KERNEL_VERSION; if (v >= VERSION(3, 0, 0) && v < VERSION(3, 1, 0)) sink = READ(t, gone_a); return 0; }
PROGRAM(between_broken) { struct task_struct *t = TASK(); u32 v = LINUX_KERNEL_VERSION; if (v >= VERSION(3, 0, 0) && v < VERSION(99, 1, 0)) sink = READ(t, gone_a); return 0; }
PROGRAM(exactly_guarded) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION == VERSION(3, 0, 0)) sink = READ(t, gone_a); return 0; }
PROGRAM(major_guarded) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION >> 16 == 3) sink = READ(t, gone_a); return 0; }
PROGRAM(major_broken) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION >> 16 != 3) sink = READ(t, gone_a); return 0; }

static NOINLINE int by_version(struct task_struct *t) { if (LINUX_KERNEL_VERSION >= VERSION(99, 0, 0)) return READ(t, gone_a); return READ(t, pid); }
PROGRAM(in_subprogram_guarded) { return by_version(TASK()); }
static NOINLINE int by_given_version(struct task_struct *t, u32 version) { if (version >= VERSION(99, 0, 0)) return READ(t, gone_a); return READ(t, pid); }
PROGRAM(as_argument_guarded) { return by_given_version(TASK(), LINUX_KERNEL_VERSION); }
NOINLINE int by_version_global(u64 other) { struct task_struct *t = TASK(); if (LINUX_KERNEL_VERSION >= VERSION(99, 0, 0)) return READ(t, gone_a); return READ(t, pid) + other; }
PROGRAM(in_global_guarded) { return by_version_global(ctx[1]); }
