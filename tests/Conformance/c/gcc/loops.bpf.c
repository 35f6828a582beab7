/* Loops. */
#include "gcc.h"

const volatile u32 CONSTANT(off) = 0;
const volatile u32 CONSTANT(on) = 1;

PROGRAM(inside_guarded) { for (u64 i = 0; i < 6; i++) { HIDE(i); if (off) sink = ctx->gone_a; } return 0; }
PROGRAM(inside_broken) { for (u64 i = 0; i < 6; i++) { HIDE(i); if (on) sink = ctx->gone_a; } return 0; }
PROGRAM(count_guarded) { for (u64 i = 0; i < off; i++) sink = ctx->gone_a; return 0; }
PROGRAM(after_guarded) { u64 i = 0; for (; i < 6; i++) { sink = i; HIDE(i); } if (i != 6) sink = ctx->gone_a; return 0; }
PROGRAM(after_broken) { u64 i = 0; for (; i < 6; i++) { sink = i; HIDE(i); } if (i == 6) sink = ctx->gone_a; return 0; }
