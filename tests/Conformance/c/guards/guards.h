/*
 * What the guard family shares. Each program has one shape of guard; its name ends with what is expected of the verifier:
 *   _guarded   every poisoned instruction is behind a check that the verifier decides
 *   _broken    the verifier reaches one
 * The names are only a claim: the verdict is compared with what the running kernel's verifier says.
 */
#ifndef RELO_GUARDS_H
#define RELO_GUARDS_H

#include "../family.h"

#define PROGRAM(name) SEC("raw_tp/sys_enter") int name(u64 *ctx)
#define READ(p, f) ({ typeof((p)->f) value_ = 0; bpf_core_read(&value_, sizeof(value_), &(p)->f); value_; })

/* The compiler forgets what it knows of a variable; the verifier does not. */
#define HIDE(variable) asm volatile("" : "+r"(variable))

/* No kernel has the gone fields and types; every kernel has the others. */
struct task_struct { int pid; u64 start_time; u32 flags; int gone_a, gone_b, gone_c; } CORE;
struct gone_type { int gone_member; } CORE;
enum pid_type { PIDTYPE_PID, PIDTYPE_GONE = 17 };

#define HAS_GONE(t) bpf_core_field_exists((t)->gone_a)
#define HAS_PID(t) bpf_core_field_exists((t)->pid)

#endif
