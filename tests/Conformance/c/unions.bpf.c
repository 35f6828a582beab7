/* Unions as roots, as members, and structs that are unions on the other side. */
#include "family.h"

union nf_inet_addr { u32 all[4]; u32 ip; u32 ip6[4]; } CORE;
union bpf_iter_link_info_local { u32 fd; } CORE;
struct in6_addr { struct { u8 u6_addr8[16]; u16 u6_addr16[8]; u32 u6_addr32[4]; } in6_u; } CORE;
struct sigval_holder { int x; } CORE;
union sigval { int sival_int; void *sival_ptr; } CORE;
struct kernel_siginfo { int si_signo, si_errno, si_code; union { union { int _pid; } _sifields; }; } CORE;
/* A union in the kernel: never found as a struct. */
struct thread_union { u64 stack[4]; } CORE;
union thread_union___mine { u64 stack[4]; } CORE;
struct refcount_struct { union { int refs; struct { int counter; } atomic; }; } CORE;

SEC("raw_tp/sys_enter")
int unions(u64 *ctx)
{
	union nf_inet_addr *address = (void *)ctx[0];
	struct in6_addr *in6 = (void *)ctx[0];
	union sigval *value = (void *)ctx[0];
	struct kernel_siginfo *info = (void *)ctx[0];
	union thread_union___mine *thread = (void *)ctx[0];

	sink = BPF_CORE_READ(address, ip) + BPF_CORE_READ(address, ip6[2]) + BPF_CORE_READ(address, all[3]);
	sink = BPF_CORE_READ(in6, in6_u.u6_addr32[1]) + BPF_CORE_READ(in6, in6_u.u6_addr8[9]);
	sink = BPF_CORE_READ(value, sival_int) + (BPF_CORE_READ(value, sival_ptr) != 0);
	sink = BPF_CORE_READ(info, si_code) + bpf_core_field_exists(info->_sifields._pid);
	sink = BPF_CORE_READ(thread, stack[1]) + bpf_core_type_exists(struct thread_union);
	sink = bpf_core_field_exists(((struct refcount_struct *)0)->refs);
	sink = bpf_core_type_exists(union bpf_iter_link_info_local) + bpf_core_type_size(union nf_inet_addr);
	return 0;
}
