/*
 * Loads objects into the running kernel, by libbpf as everyone uses it. Nothing is attached or pinned.
 *
 * In, a line per object: <p|o|l> TAB <path> [TAB <kernel configuration, entries separated by ';'>]
 *     p   every program alone, the optional ones (SEC("?...")) as well
 *     o   the object as libbpf loads it when nobody asks for anything else
 *     l   as p, but the third field is a folder: what libbpf prints about a refused program goes to <line>.<program>.log there
 * Out, a line per program, or one for the object, named "*":
 *     <line> TAB <program> TAB <errno, 0 when it loaded> TAB <why it was refused>
 * or, when libbpf does not open the object, the one line:
 *     <line> TAB - TAB <errno> TAB <why>
 * Why is the verifier's line that speaks of an instruction that no kernel has, otherwise its first line, otherwise
 * libbpf's last warning. Ends with 77 when this machine forbids bpf().
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Errors without the trace of what was verified: BPF_LOG_STATS of the kernel. */
#define LOG_LEVEL 4

static char verifier_log[1 << 20], warning[1024];
static FILE *full_log; /* open while a whole log is wanted */

static int on_log(enum libbpf_print_level level, const char *format, va_list list)
{
	if (level != LIBBPF_WARN)
		return 0;
	if (full_log || getenv("LOADER_LOG")) {
		va_list copy;

		va_copy(copy, list);
		vfprintf(full_log ? full_log : stderr, format, copy);
		va_end(copy);
	}
	/* The first warning says why, those after it what became of it. */
	if (!*warning)
		vsnprintf(warning, sizeof(warning), format, list);
	return 0;
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

/* Whether the line names what is found where an instruction could not be relocated. */
static bool names_poison(const char *line)
{
	return strstr(line, "invalid func unknown#") || strstr(line, "invalid CO-RE relocation") ||
	       strstr(line, "invalid kernel function call not eliminated");
}

static bool says_nothing(const char *line)
{
	return !*line || !strncmp(line, "processed ", 10) || !strncmp(line, "verification time", 17) || !strncmp(line, "stack depth", 11) ||
	       !strncmp(line, "Validating ", 11) || (!strncmp(line, "Func#", 5) && strstr(line, "assumed valid"));
}

static const char *why(void)
{
	const char *first = NULL;
	char *rest = verifier_log, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (names_poison(line))
			return line;
		if (!first && !says_nothing(line))
			first = line;
	}
	warning[strcspn(warning, "\n")] = 0;
	return first ? first : warning;
}

static void report(int line, const char *program, int error)
{
	char text[sizeof(warning)] = "";

	if (error)
		memccpy(text, why(), 0, sizeof(text) - 1);
	for (char *at = text; *at; at++)
		if (*at == '\t')
			*at = ' ';
	printf("%d\t%s\t%d\t%s\n", line, program, -error, text);
}

static struct bpf_object *open_object(const char *path, char *config)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .kconfig = config);

	*verifier_log = *warning = 0;
	return bpf_object__open_file(path, &options);
}

static int load(struct bpf_object *object)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int error;

	/* All write into one log: libbpf ends at the first that fails, so it is the last to write. */
	bpf_object__for_each_program(program, object) {
		if (full_log)
			break; /* libbpf's own way: it asks again for the trace of what was refused, and prints it */
		bpf_program__set_log_level(program, LOG_LEVEL);
		bpf_program__set_log_buf(program, verifier_log, sizeof(verifier_log));
	}
	bpf_object__for_each_map(map, object)
		bpf_map__set_pin_path(map, NULL);
	error = bpf_object__load(object);
	bpf_object__close(object);
	return error;
}

/* Whether there is a program of this index. */
static bool load_one(int line, const char *path, char *config, int wanted)
{
	struct bpf_object *object = open_object(path, config);
	struct bpf_program *program;
	char name[256] = "";
	int index = 0;

	if (!object) {
		report(line, "-", -errno);
		return false;
	}
	bpf_object__for_each_program(program, object) {
		/* struct_ops programs stay with their map: libbpf 1.1 looks the map up in kernel BTF that it reads only for them */
		bpf_program__set_autoload(program, index == wanted || bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS);
		if (index++ == wanted)
			snprintf(name, sizeof(name), "%s", bpf_program__name(program));
	}
	if (!*name) {
		bpf_object__close(object);
		return false;
	}
	report(line, name, load(object));
	return true;
}

/* The log of one program in a file, or none if it loads. */
static bool log_one(int line, const char *path, const char *folder, int wanted)
{
	char *text = NULL, to[4096], copy[256] = "";
	struct bpf_object *object;
	struct bpf_program *program;
	const char *name = NULL;
	size_t length = 0;
	int index = 0;

	full_log = open_memstream(&text, &length);
	object = open_object(path, NULL);
	if (object)
		bpf_object__for_each_program(program, object) {
			bpf_program__set_autoload(program, index == wanted || bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS);
			if (index++ == wanted)
				name = bpf_program__name(program);
		}
	snprintf(copy, sizeof(copy), "%s", name ? name : "-"); /* closing the object frees it */
	snprintf(to, sizeof(to), "%s/%d.%s.log", folder, line, copy);
	if (object && name) {
		if (load(object)) {
			FILE *file = fopen(to, "w");

			fclose(full_log);
			fwrite(text, 1, length, file);
			fclose(file);
			printf("%d\t%s\t1\t%s\n", line, copy, to);
		} else {
			fclose(full_log);
		}
	} else {
		if (object)
			bpf_object__close(object);
		fclose(full_log);
	}
	full_log = NULL;
	free(text);
	return object && index > wanted;
}

static void load_whole(int line, const char *path, char *config)
{
	struct bpf_object *object = open_object(path, config);

	if (object)
		report(line, "*", load(object));
	else
		report(line, "-", -errno);
}

int main(void)
{
	char *input = NULL;
	size_t room = 0;

	libbpf_set_print(on_log);
	if (!allowed()) {
		fprintf(stderr, "bpf() is not permitted: %s\n", strerror(errno));
		return 77;
	}
	for (int line = 0; getline(&input, &room, stdin) > 0; line++) {
		char *rest = input, *mode = strsep(&rest, "\t\n"), *path = strsep(&rest, "\t\n"), *config = rest ? strsep(&rest, "\n") : NULL;

		if (!path)
			return 2;
		for (char *at = config; at && (at = strchr(at, ';')); at++)
			*at = '\n';
		if (config && !*config)
			config = NULL;
		if (*mode == 'o')
			load_whole(line, path, config);
		else if (*mode == 'l')
			for (int index = 0; config && log_one(line, path, config, index); index++)
				;
		else
			for (int index = 0; load_one(line, path, config, index); index++)
				;
	}
	return 0;
}
