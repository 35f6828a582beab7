/*
 * What GCC's part of the guard family shares. GCC 12 makes CO-RE records for members of structs that it loads or stores
 * directly, and for nothing else: no question whether something exists, no address of a member. So an access is a load
 * from the program's context, which for raw tracepoints may have any size below 96 bytes, and guards are of the other kinds.
 */
#ifndef RELO_GCC_H
#define RELO_GCC_H

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
/* noipa: otherwise GCC moves the load into the caller and loses its record. */
#define NOINLINE __attribute__((noinline, noipa))
#define HIDE(variable) asm volatile("" : "+r"(variable))

/*
 * Each constant in a section of its own, at its beginning: what binutils 2.40 writes into the instruction that names a
 * variable is where it lies in the section, to which libbpf adds the same once more.
 */
#define CONSTANT(name) name __attribute__((section(".rodata." #name)))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;

char LICENSE[] SEC("license") = "GPL";
volatile u64 sink;

static long (*const bpf_get_prandom_u32)(void) = (void *)7;

/* Every kernel has these, in another order; none has the gone ones. */
struct list_head { struct list_head *prev; struct list_head *next; int gone_a, gone_b, gone_c; } CORE;
struct trace_entry { s32 pid; u16 type; } CORE;

#define PROGRAM(name) SEC("raw_tp/sys_enter") int name(struct list_head *ctx)

#endif
