/*
 * Values of the kernel's configuration, which its BTF does not tell: a program is broken when the verifier refuses it for
 * some configuration. The loader tries the running kernel's own, and each value below for names that no kernel has.
 */
#include "guards.h"

extern bool_t CONFIG_RELO_SWITCH __kconfig __weak;
extern enum libbpf_tristate CONFIG_RELO_THREE __kconfig __weak;
extern u32 CONFIG_RELO_NUMBER __kconfig __weak;
extern char CONFIG_RELO_TEXT[8] __kconfig __weak;

PROGRAM(switch_broken) { struct task_struct *t = TASK(); if (CONFIG_RELO_SWITCH) sink = READ(t, gone_a); return 0; }
PROGRAM(switch_off_broken) { struct task_struct *t = TASK(); if (!CONFIG_RELO_SWITCH) sink = READ(t, gone_a); return 0; }
PROGRAM(three_broken) { struct task_struct *t = TASK(); if (CONFIG_RELO_THREE == TRI_MODULE) sink = READ(t, gone_a); return 0; }
PROGRAM(number_broken) { struct task_struct *t = TASK(); if (CONFIG_RELO_NUMBER == 250) sink = READ(t, gone_a); return 0; }
PROGRAM(text_broken) { struct task_struct *t = TASK(); if (CONFIG_RELO_TEXT[0] == 'y') sink = READ(t, gone_a); return 0; }
PROGRAM(switch_and_field_guarded) { struct task_struct *t = TASK(); if (CONFIG_RELO_SWITCH && HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
PROGRAM(switch_or_field_broken) { struct task_struct *t = TASK(); if (CONFIG_RELO_SWITCH || HAS_GONE(t)) sink = READ(t, gone_a); return 0; }
