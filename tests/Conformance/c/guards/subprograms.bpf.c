/* Static subprograms are verified at each call with what is known there. */
#include "guards.h"

static NOINLINE int by_argument(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
static NOINLINE int by_argument_2(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
static NOINLINE int by_argument_3(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
static NOINLINE int outer(struct task_struct *t, u64 has, u64 other) { return by_argument_2(t, has & other) + READ(t, pid); }
static NOINLINE int outer_3(struct task_struct *t, u64 has, u64 other) { return by_argument_3(t, has | other) + READ(t, pid); }
static NOINLINE int checks(struct task_struct *t) { return HAS_GONE(t) ? READ(t, gone_a) : READ(t, pid); }
static NOINLINE int does_not_check(struct task_struct *t) { return READ(t, gone_b); }
static NOINLINE u64 answers_no(struct task_struct *t) { u64 has = HAS_GONE(t); HIDE(has); sink = READ(t, pid); return has; }
static NOINLINE u64 answers_yes(struct task_struct *t) { u64 has = HAS_PID(t); HIDE(has); sink = READ(t, pid); return has; }

PROGRAM(argument_guarded) { struct task_struct *t = TASK(); return by_argument(t, HAS_GONE(t)) == by_argument((void *)ctx[1], HAS_GONE(t)); }
static NOINLINE int both(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(argument_of_one_call_broken) { struct task_struct *t = TASK(); return both(t, HAS_GONE(t)) == both((void *)ctx[1], HAS_PID(t)); }
static NOINLINE int unknown(struct task_struct *t, u64 has) { return has ? READ(t, gone_a) : READ(t, pid); }
PROGRAM(argument_unknown_broken) { struct task_struct *t = TASK(); return unknown(t, bpf_get_prandom_u32()); }
PROGRAM(argument_passed_on_guarded) { struct task_struct *t = TASK(); return outer(t, HAS_GONE(t), bpf_get_prandom_u32() & 1) + outer(t, 1, HAS_GONE(t)); }
PROGRAM(argument_passed_on_broken) { struct task_struct *t = TASK(); return outer_3(t, HAS_GONE(t), 0) + outer_3(t, HAS_GONE(t), bpf_get_prandom_u32()); }
PROGRAM(checks_inside_guarded) { return checks(TASK()); }
PROGRAM(does_not_check_broken) { return does_not_check(TASK()); }
PROGRAM(call_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) return does_not_check(t); return 0; }
PROGRAM(result_guarded) { struct task_struct *t = TASK(); if (answers_no(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(result_broken) { struct task_struct *t = TASK(); if (answers_yes(t)) sink = READ(t, gone_a); return 0; }

/* Options on the caller's stack. */
struct options { u64 has; u32 other; };
static NOINLINE int by_options(struct task_struct *t, struct options *options) { return options->has ? READ(t, gone_a) : READ(t, pid) + options->other; }
static NOINLINE int by_options_2(struct task_struct *t, struct options *options) { return options->has ? READ(t, gone_a) : READ(t, pid) + options->other; }
PROGRAM(options_guarded) { struct task_struct *t = TASK(); struct options options = { HAS_GONE(t), 3 }; asm volatile("" :: "r"(&options) : "memory"); return by_options(t, &options); }
PROGRAM(options_broken) { struct task_struct *t = TASK(); struct options options = { HAS_PID(t), 3 }; asm volatile("" :: "r"(&options) : "memory"); return by_options_2(t, &options); }

/* Set by the callee. */
static NOINLINE int fills(struct task_struct *t, struct options *options) { options->has = HAS_GONE(t); options->other = 1; return READ(t, pid); }
static NOINLINE int fills_2(struct task_struct *t, struct options *options) { options->has = HAS_PID(t); options->other = 1; return READ(t, pid); }
PROGRAM(filled_guarded) { struct task_struct *t = TASK(); struct options options = { 1, 3 }; asm volatile("" :: "r"(&options) : "memory"); fills(t, &options); if (options.has) sink = READ(t, gone_a); return 0; }
PROGRAM(filled_broken) { struct task_struct *t = TASK(); struct options options = { 0, 3 }; asm volatile("" :: "r"(&options) : "memory"); fills_2(t, &options); if (options.has) sink = READ(t, gone_a); return 0; }
