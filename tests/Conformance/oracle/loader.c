/*
 * Loads objects into the running kernel, a program at a time, by libbpf as everyone uses it. Nothing is attached or pinned.
 *
 * In, a line per object: its path. Out, a line per program:  <line> TAB <program> TAB <errno, 0 when it loaded>
 * or, when libbpf does not open the object:                  <line> TAB - TAB <errno>
 * Ends with 77 when this machine forbids bpf().
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list list)
{
	return getenv("LOADER_LOG") && level == LIBBPF_WARN ? vfprintf(stderr, format, list) : 0;
}

static bool allowed(void)
{
	struct bpf_insn insns[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT } };
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "probe", "GPL", insns, 2, NULL);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int load_one(const char *path, int wanted, char *name, size_t room)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program;
	struct bpf_map *map;
	int index = 0, error;

	if (!object)
		return -errno;
	*name = 0;
	bpf_object__for_each_program(program, object) {
		/* struct_ops programs stay with their map: libbpf 1.1 looks the map up in kernel BTF that it reads only for them */
		bpf_program__set_autoload(program, index == wanted || bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS);
		if (index++ == wanted)
			snprintf(name, room, "%s", bpf_program__name(program));
	}
	bpf_object__for_each_map(map, object)
		bpf_map__set_pin_path(map, NULL);
	error = *name ? bpf_object__load(object) : 1;
	bpf_object__close(object);
	return error;
}

int main(void)
{
	char *path = NULL, name[256];
	size_t room = 0;
	ssize_t length;

	libbpf_set_print(quiet);
	if (!allowed()) {
		fprintf(stderr, "bpf() is not permitted: %s\n", strerror(errno));
		return 77;
	}
	for (int line = 0; (length = getline(&path, &room, stdin)) > 0; line++) {
		path[strcspn(path, "\n")] = 0;
		for (int index = 0;; index++) {
			int error;

			snprintf(name, sizeof(name), "-");
			error = load_one(path, index, name, sizeof(name));
			if (!*name)
				break;
			printf("%d\t%s\t%d\n", line, name, -error);
			if (*name == '-')
				break;
		}
	}
	return 0;
}
