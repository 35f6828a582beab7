/* Static subprograms, verified at each call. */
#include "gcc.h"

const volatile u32 CONSTANT(off) = 0;
const volatile u32 CONSTANT(on) = 1;

static NOINLINE int by_argument(struct list_head *l, u64 has) { if (has) return l->gone_a; return (int)(u64)l->next; }
static NOINLINE int by_argument_2(struct list_head *l, u64 has) { if (has) return l->gone_a; return (int)(u64)l->prev; }
static NOINLINE int unchecked(struct list_head *l) { return l->gone_b; }

PROGRAM(argument_guarded) { return by_argument(ctx, off) == by_argument(ctx, off * 2); }
PROGRAM(argument_broken) { return by_argument_2(ctx, on); }
PROGRAM(unchecked_broken) { return unchecked(ctx); }
PROGRAM(call_guarded) { if (off) return unchecked(ctx); return 0; }
