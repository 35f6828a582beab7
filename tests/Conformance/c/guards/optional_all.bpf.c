/* Nothing but what is optional. */
#include "guards.h"

SEC("?raw_tp/sys_enter") int all_optional_broken(u64 *ctx) { sink = READ(TASK(), gone_a); return 0; }
