/*
 * Weak kernel symbols: absent ones have the address 0; calling an absent function is refused when it is reached.
 * libbpf finds typed ones in BTF, untyped ones in /proc/kallsyms, which BTF does not tell: only for typed ones can the
 * verdict depend on whether they are there.
 */
#include "guards.h"

extern void relo_absent_kfunc(u64 argument) __ksym __weak;
extern const int relo_absent_variable __ksym __weak;
extern const void relo_absent_address __ksym __weak;
extern const void *bpf_rdonly_cast(const void *object, u32 type) __ksym __weak;
extern const void schedule __ksym __weak;

#define EXISTS(symbol) ({ const void *address_ = (const void *)&(symbol); HIDE(address_); address_ != 0; })

PROGRAM(absent_kfunc_guarded) { if (EXISTS(relo_absent_kfunc)) relo_absent_kfunc(1); return 0; }
PROGRAM(absent_kfunc_broken) { relo_absent_kfunc(1); return 0; }
PROGRAM(absent_kfunc_other_check_broken) { if (EXISTS(bpf_rdonly_cast)) relo_absent_kfunc(1); return 0; }
PROGRAM(absent_kfunc_and_field_guarded) { struct task_struct *t = TASK(); if (HAS_GONE(t)) relo_absent_kfunc(1); return 0; }
PROGRAM(absent_kfunc_guards_field_guarded) { struct task_struct *t = TASK(); if (EXISTS(relo_absent_kfunc)) sink = READ(t, gone_a); return 0; }
PROGRAM(absent_kfunc_guards_field_broken) { struct task_struct *t = TASK(); if (!EXISTS(relo_absent_kfunc)) sink = READ(t, gone_a); return 0; }
PROGRAM(present_kfunc_guards_field_broken) { struct task_struct *t = TASK(); if (EXISTS(bpf_rdonly_cast)) sink = READ(t, gone_a); return 0; }
PROGRAM(present_kfunc_guards_field_guarded) { struct task_struct *t = TASK(); if (!EXISTS(bpf_rdonly_cast)) sink = READ(t, gone_a); return 0; }
PROGRAM(absent_variable_guarded) { struct task_struct *t = TASK(); if (EXISTS(relo_absent_variable)) sink = READ(t, gone_a); return 0; }
PROGRAM(absent_variable_broken) { struct task_struct *t = TASK(); if (!EXISTS(relo_absent_variable)) sink = READ(t, gone_a); return 0; }
PROGRAM(absent_address_broken) { struct task_struct *t = TASK(); if (!EXISTS(relo_absent_address)) sink = READ(t, gone_a); return 0; }
PROGRAM(absent_address_and_field_guarded) { struct task_struct *t = TASK(); if (!EXISTS(relo_absent_address) && HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(present_address_broken) { struct task_struct *t = TASK(); if (EXISTS(schedule)) sink = READ(t, gone_a); return 0; }
