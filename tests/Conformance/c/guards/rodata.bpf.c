/* .rodata is frozen before the programs load: the verifier reads its values. */
#include "guards.h"

const volatile bool_t off = 0;
const volatile bool_t on = 1;
const volatile u32 five = 5;
static const volatile u64 own_off = 0;
const volatile s32 minus = -3;
const volatile u16 table[4] = { 0, 1, 0, 1 };
const volatile struct { u32 a; u8 b, c; u64 d; } settings = { 7, 0, 1, 1ull << 40 };
const volatile u64 elsewhere SEC(".rodata.relo") = 0;
const volatile char text[8] = "no";
volatile u64 writable = 0;		/* .bss */
volatile u64 writable_data = 3;		/* .data */

PROGRAM(flag_guarded) { struct task_struct *t = TASK(); sink = off ? READ(t, gone_a) : READ(t, pid); return 0; }
PROGRAM(flag_broken) { struct task_struct *t = TASK(); sink = on ? READ(t, gone_a) : READ(t, pid); return 0; }
PROGRAM(number_guarded) { struct task_struct *t = TASK(); if (five > 5) sink = READ(t, gone_a); return 0; }
PROGRAM(number_broken) { struct task_struct *t = TASK(); if (five > 4) sink = READ(t, gone_a); return 0; }
PROGRAM(own_guarded) { struct task_struct *t = TASK(); if (own_off) sink = READ(t, gone_a); return 0; }
PROGRAM(negative_guarded) { struct task_struct *t = TASK(); if (minus > 0) sink = READ(t, gone_a); return 0; }
PROGRAM(negative_broken) { struct task_struct *t = TASK(); if (minus < 0) sink = READ(t, gone_a); return 0; }
PROGRAM(element_guarded) { struct task_struct *t = TASK(); if (table[2]) sink = READ(t, gone_a); return 0; }
PROGRAM(element_broken) { struct task_struct *t = TASK(); if (table[3]) sink = READ(t, gone_a); return 0; }
PROGRAM(unknown_element_broken) { struct task_struct *t = TASK(); if (table[bpf_get_prandom_u32() & 3]) sink = READ(t, gone_a); return 0; }
PROGRAM(member_guarded) { struct task_struct *t = TASK(); if (settings.b) sink = READ(t, gone_a); return 0; }
PROGRAM(member_broken) { struct task_struct *t = TASK(); if (settings.c) sink = READ(t, gone_a); return 0; }
PROGRAM(wide_member_broken) { struct task_struct *t = TASK(); if (settings.d >> 40 == 1) sink = READ(t, gone_a); return 0; }
PROGRAM(wide_member_guarded) { struct task_struct *t = TASK(); if (settings.d >> 40 == 2) sink = READ(t, gone_a); return 0; }
PROGRAM(other_section_guarded) { struct task_struct *t = TASK(); if (elsewhere) sink = READ(t, gone_a); return 0; }
PROGRAM(text_guarded) { struct task_struct *t = TASK(); if (text[0] == 'y') sink = READ(t, gone_a); return 0; }
PROGRAM(writable_broken) { struct task_struct *t = TASK(); if (writable) sink = READ(t, gone_a); return 0; }
PROGRAM(writable_data_broken) { struct task_struct *t = TASK(); if (writable_data == 4) sink = READ(t, gone_a); return 0; }
PROGRAM(flag_or_field_guarded) { struct task_struct *t = TASK(); if (off || HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(loop_count_guarded) { struct task_struct *t = TASK(); for (u32 i = 0; i < off; i++) sink = READ(t, gone_a); return 0; }

static NOINLINE int by_flag(struct task_struct *t) { return off ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(in_subprogram_guarded) { return by_flag(TASK()); }
static NOINLINE int by_pointer(struct task_struct *t, const volatile u16 *flag) { return *flag ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(by_pointer_guarded) { return by_pointer(TASK(), &table[2]); }
static NOINLINE int by_pointer_2(struct task_struct *t, const volatile u16 *flag) { return *flag ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(by_pointer_broken) { return by_pointer_2(TASK(), &table[1]); }
NOINLINE int by_flag_global(u64 other) { struct task_struct *t = TASK(); return off ? READ(t, gone_a) : READ(t, pid) + other; }
PROGRAM(in_global_guarded) { return by_flag_global(ctx[1]); }
