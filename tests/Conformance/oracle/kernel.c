/* The kernel that is asked nothing: answers bpf() itself, so that libbpf gets as far as it can on any machine. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>

long __real_syscall(long number, ...);

/* A descriptor that can be closed, which is all libbpf does with it before relocation. */
static long new_descriptor(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static long answer(long command)
{
	switch (command) {
	case BPF_PROG_LOAD:
	case BPF_MAP_CREATE:
	case BPF_BTF_LOAD:
	case BPF_LINK_CREATE:
	case BPF_RAW_TRACEPOINT_OPEN:
		return new_descriptor();
	case BPF_OBJ_GET:
	case BPF_BTF_GET_NEXT_ID:
	case BPF_MAP_GET_NEXT_ID:
	case BPF_PROG_GET_NEXT_ID:
		errno = ENOENT;
		return -1;
	case BPF_OBJ_GET_INFO_BY_FD:
		errno = EINVAL;
		return -1;
	default:
		return 0;
	}
}

long __wrap_syscall(long number, ...)
{
	long a[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	return number == SYS_bpf ? answer(a[0]) : __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* The kernel's configuration: none, so every (weak) kconfig value is absent. */
gzFile __wrap_gzopen(const char *path, const char *mode);
gzFile __real_gzopen(const char *path, const char *mode);
gzFile __wrap_gzopen(const char *path, const char *mode)
{
	(void)path;
	return __real_gzopen("/dev/null", mode);
}

/* The running kernel's BTF: empty. Only kernel symbols and tracing programs ask for it, CO-RE has its own target. */
struct btf *__wrap_btf__load_vmlinux_btf(void);
struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	return btf__new_empty();
}

/*
 * Having relocated, libbpf looks for the attach points of tracing programs, in the running kernel's BTF that it did not
 * load because we took the programs' types away.
 */
__s32 __real_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind);
__s32 __wrap_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind);
__s32 __wrap_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind)
{
	return btf ? __real_btf__find_by_name_kind(btf, name, kind) : -ENOENT;
}
