/* Members that lie elsewhere or are missing, loaded and stored. */
#include "gcc.h"

struct pt_regs { u64 ax; u64 si; } CORE;
struct in6_addr_holder { int gone; } CORE;

PROGRAM(moved_guarded) { sink = (u64)ctx->prev; return 0; }
PROGRAM(moved_twice_guarded) { sink = (u64)ctx->next + (u64)ctx->prev; return 0; }
PROGRAM(missing_broken) { sink = ctx->gone_a; return 0; }
SEC("raw_tp/sys_enter") int narrow_guarded(struct trace_entry *ctx) { sink = ctx->pid + ctx->type; return 0; }
SEC("raw_tp/sys_enter") int missing_type_broken(struct in6_addr_holder *ctx) { sink = ctx->gone; return 0; }
