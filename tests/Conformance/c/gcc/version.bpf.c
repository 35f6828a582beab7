/* The kernel's version. */
#include "gcc.h"

extern u32 LINUX_KERNEL_VERSION SEC(".kconfig");

PROGRAM(newer_guarded) { if (LINUX_KERNEL_VERSION >= 99 << 16) sink = ctx->gone_a; return 0; }
PROGRAM(newer_broken) { if (LINUX_KERNEL_VERSION >= 3 << 16) sink = ctx->gone_a; return 0; }
