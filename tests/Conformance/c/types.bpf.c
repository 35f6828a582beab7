/* Questions about types: is there one, how large, which id, here and there; of every kind that has a name. */
#include "family.h"

struct task_struct { int pid; } CORE;
struct nonesuch_struct { int x; } CORE;
union nf_inet_addr { u32 ip; } CORE;
enum pid_type { PIDTYPE_PID };
typedef u64 sector_t;
typedef struct { int counter; } atomic_t;
typedef struct { long long counter; } atomic64_t;
typedef int (*initcall_t)(void);
typedef void (*smp_call_func_t)(void *info);
typedef int smp_call_func_t___wrong;
typedef u32 nonesuch_typedef;
typedef struct task_struct task_alias_nonesuch;
typedef u32 gfp_t;
typedef float float_holder;
typedef char *charp_nonesuch;
enum nonesuch_enum { NONESUCH };

#define ASK(type) do { \
	sink = bpf_core_type_exists(type); \
	sink = bpf_core_type_size(type); \
	sink = bpf_core_type_id_local(type); \
	sink = bpf_core_type_id_kernel(type); \
} while (0)

SEC("raw_tp/sys_enter")
int types(void *ctx)
{
	ASK(struct task_struct);
	ASK(struct nonesuch_struct);
	ASK(union nf_inet_addr);
	ASK(enum pid_type);
	ASK(sector_t);
	ASK(atomic_t);
	ASK(atomic64_t);
	ASK(gfp_t);
	ASK(initcall_t);
	ASK(smp_call_func_t);
	ASK(smp_call_func_t___wrong);
	ASK(nonesuch_typedef);
	ASK(task_alias_nonesuch);
	ASK(charp_nonesuch);
	ASK(enum nonesuch_enum);
	return 0;
}
