/* Checks that do not ask BTF. */
#include "gcc.h"

const volatile u32 CONSTANT(off) = 0;
const volatile u32 CONSTANT(on) = 1;
const volatile s32 CONSTANT(minus) = -3;
const volatile u16 table[4] __attribute__((section(".rodata.table"))) = { 0, 1, 0, 1 };
volatile u64 writable SEC(".data.writable") = 0;

PROGRAM(no_check_broken) { return ctx->gone_a; }
PROGRAM(if_guarded) { if (off) sink = ctx->gone_a; return 0; }
PROGRAM(if_broken) { if (on) sink = ctx->gone_a; return 0; }
PROGRAM(if_else_guarded) { if (on) sink = (u64)ctx->next; else sink = ctx->gone_a; return 0; }
PROGRAM(if_else_broken) { if (off) sink = (u64)ctx->next; else sink = ctx->gone_a; return 0; }
PROGRAM(early_return_guarded) { if (!off) return 0; sink = ctx->gone_a; return 0; }
PROGRAM(early_return_broken) { if (!on) return 0; sink = ctx->gone_a; return 0; }
PROGRAM(ternary_guarded) { sink = off ? (u64)ctx->gone_a : (u64)ctx->next; return 0; }
PROGRAM(ternary_broken) { sink = on ? (u64)ctx->gone_a : (u64)ctx->next; return 0; }
PROGRAM(negative_guarded) { if (minus > 0) sink = ctx->gone_a; return 0; }
PROGRAM(negative_broken) { if (minus < 0) sink = ctx->gone_a; return 0; }
PROGRAM(element_guarded) { if (table[2]) sink = ctx->gone_a; return 0; }
PROGRAM(element_broken) { if (table[3]) sink = ctx->gone_a; return 0; }
PROGRAM(writable_broken) { if (writable) sink = ctx->gone_a; return 0; }
PROGRAM(switch_guarded) { switch (minus) { case -3: sink = 1; break; case 1: sink = ctx->gone_a; break; case 2: sink = ctx->gone_b; break; default: sink = ctx->gone_c; } return 0; }
PROGRAM(switch_broken) { switch (minus) { case -3: sink = ctx->gone_a; break; case 1: sink = 3; break; case 2: sink = 4; break; default: sink = 5; } return 0; }
PROGRAM(and_guarded) { if (bpf_get_prandom_u32() > 7 && off) sink = ctx->gone_a; return 0; }
PROGRAM(or_broken) { if (bpf_get_prandom_u32() > 7 || off) sink = ctx->gone_a; return 0; }
PROGRAM(three_in_a_row_broken) { sink = ctx->gone_a; sink = ctx->gone_b; sink = ctx->gone_c; return 0; }
PROGRAM(three_in_a_row_guarded) { if (off) { sink = ctx->gone_a; sink = ctx->gone_b; sink = ctx->gone_c; } return 0; }
PROGRAM(after_a_guarded_one_broken) { if (off) sink = ctx->gone_a; sink = ctx->gone_b; return 0; }
