/*
 * What the family shares. Each file declares the few members it speaks of, in an order and with types of its own, so
 * that every kernel moves, resizes or lacks some of them; the names are the kernel's, everything else is ours.
 */
#ifndef RELO_FAMILY_H
#define RELO_FAMILY_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))
#define NOINLINE __attribute__((noinline))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;
typedef _Bool bool_t;

char LICENSE[] SEC("license") = "GPL";

/* A place for results, so that no read is optimised away. */
extern volatile u64 sink;
volatile u64 sink;

/* The task as an untyped pointer: works in every program type and needs no kernel BTF. */
#define TASK() ((struct task_struct *)bpf_get_current_task())

#endif
