/*
 * How long Debian's libbpf takes from the file of an object to the object relocated, with bpf() answered here (oracle/kernel.c) and
 * everything else as users run it: its own log level, its log to nowhere.
 *
 * In, a line per pair:  <rounds> TAB <object> TAB <target BTF>
 * Out:                  <records relocated in the last round> followed by the nanoseconds of each round
 *
 * What libbpf does behind the records may fail as it likes: no kernel is there to attach to.
 */
#include "oracle.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Of libbpf's relo_core.h, which it does not install; only addresses pass through us. */
struct bpf_core_relo_res;
int __real_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result);
int __wrap_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result);

static int relocated;

int __wrap_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result)
{
	relocated++;
	return __real_bpf_core_patch_insn(program, insn, insn_index, record, index, result);
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void relocate(const char *path, const char *target)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "pair", .btf_custom_path = target, .kconfig = "");
	struct bpf_object *object;
	size_t size = 0;
	void *image = object_read(path, &size);

	relocated = 0;
	if (!image)
		return;
	object_weaken(image, size);
	object = bpf_object__open_mem(image, size, &options);
	if (object) {
		object_make_harmless(object, AUTOLOAD_ALL);
		(void)bpf_object__load(object);
		bpf_object__close(object);
	}
	free(image);
}

int main(void)
{
	size_t room = 0;
	char *line = NULL;

	if (!freopen("/dev/null", "w", stderr))
		return 2;
	while (getline(&line, &room, stdin) > 0) {
		char *rest = line, *rounds = strsep(&rest, "\t\n"), *object = strsep(&rest, "\t\n"), *target = strsep(&rest, "\t\n");
		int count = rounds ? atoi(rounds) : 0;
		long long *took = calloc(count + 1, sizeof(*took));

		if (!count || !object || !target || !took)
			return 2;
		for (int i = 0; i < count; i++) {
			long long begin = now();

			relocate(object, target);
			took[i] = now() - begin;
		}
		printf("%d", relocated);
		for (int i = 0; i < count; i++)
			printf(" %lld", took[i]);
		printf("\n");
		fflush(stdout);
		free(took);
	}
	return 0;
}
