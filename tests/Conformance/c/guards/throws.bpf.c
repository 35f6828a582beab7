/* Nothing follows an exception. Iterators are loops of the verifier's own. */
#include "guards.h"

/* Raw tracepoints may not throw. */
#undef PROGRAM
#define PROGRAM(name) SEC("tracepoint/syscalls/sys_enter_getpid") int name(u64 *ctx)

struct bpf_iter_num { u64 opaque[1]; } __attribute__((aligned(8)));
extern void bpf_throw(u64 cookie) __ksym;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

PROGRAM(throw_guarded) { struct task_struct *t = TASK(); bpf_throw(1); sink = READ(t, gone_a); return 0; }
PROGRAM(throw_broken) { struct task_struct *t = TASK(); if (HAS_GONE(t)) bpf_throw(1); sink = READ(t, gone_a); return 0; }

/* In a function of its own, or the offset is computed before the loop. */
static NOINLINE void far(struct task_struct *t) { sink = READ(t, gone_a); }

PROGRAM(iterator_guarded)
{
	struct task_struct *t = TASK();
	struct bpf_iter_num it;
	bool_t has = HAS_GONE(t);

	bpf_iter_num_new(&it, 0, 9);
	while (bpf_iter_num_next(&it))
		if (has)
			far(t);
	bpf_iter_num_destroy(&it);
	return 0;
}

PROGRAM(iterator_broken)
{
	struct task_struct *t = TASK();
	struct bpf_iter_num it;
	bool_t has = HAS_PID(t);

	bpf_iter_num_new(&it, 0, 9);
	while (bpf_iter_num_next(&it))
		if (has)
			far(t);
	bpf_iter_num_destroy(&it);
	return 0;
}
