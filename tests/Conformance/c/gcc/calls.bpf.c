/* Calls that no kernel has. */
#include "gcc.h"

const volatile u32 CONSTANT(off) = 0;
const volatile u32 CONSTANT(on) = 1;
static long (*const unknown_helper)(void) = (void *)60000;

PROGRAM(unknown_helper_guarded) { if (off) sink = unknown_helper(); return 0; }
PROGRAM(unknown_helper_broken) { if (on) sink = unknown_helper(); return 0; }
