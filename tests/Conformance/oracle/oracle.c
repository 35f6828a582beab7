/*
 * Relocates objects with Debian's libbpf and tells what it did, without asking the kernel anything.
 *
 * In, a line per pair:   <q|v> TAB <object> TAB <target BTF>        (v: with libbpf's log)
 * The first word may go on: "d" leaves each program's autoload as libbpf sets it (SEC("?...") is not loaded), a number loads
 * the program of that index alone; otherwise all programs are loaded.
 * Out, for each pair:    = <outcome> <errno> <patches>              relocated | failed | open-failed | not-reached
 *                        p <record> <hex>      the instruction after this record; a record is its byte offset in .BTF.ext
 *                        f <record> <errno>    the record that libbpf gave up on, when it is known
 *                        l <text>              a line of libbpf's log (always warnings, with v everything)
 *                        .
 * A pair that takes longer than ORACLE_SECONDS (default 60) ends the process by SIGALRM; a crash ends it too. The
 * other side sees the end of the output and starts a new one.
 */
#include "oracle.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool verbose;
static struct text log_text;

void text_add(struct text *text, const char *bytes, size_t length)
{
	if (text->room - text->length < length) {
		text->room = (text->room + length) * 2;
		text->bytes = realloc(text->bytes, text->room);
		if (!text->bytes)
			abort();
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

void text_format(struct text *text, const char *format, ...)
{
	char line[256];
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	text_add(text, line, length < (int)sizeof(line) ? length : (int)sizeof(line) - 1);
}

static int on_log(enum libbpf_print_level level, const char *format, va_list list)
{
	char line[4096], *next;

	if (level == LIBBPF_WARN && strstr(format, "failed to perform CO-RE relocations"))
		sight.failed = true;
	if (level == LIBBPF_DEBUG && !verbose)
		return 0;
	vsnprintf(line, sizeof(line), format, list);
	for (char *part = line; part && *part; part = next) {
		next = strchr(part, '\n');
		if (next)
			*next++ = 0;
		text_add(&log_text, "l ", 2);
		text_add(&log_text, part, strlen(part));
		text_add(&log_text, "\n", 1);
	}
	return 0;
}

static const char *relocate(const char *path, const char *target, int autoload, int *error)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "pair", .btf_custom_path = target, .kconfig = "");
	struct bpf_object *object;
	size_t size = 0;
	void *image = object_read(path, &size);

	if (!image) {
		*error = errno;
		return "open-failed";
	}
	object_weaken(image, size);
	object = bpf_object__open_mem(image, size, &options);
	*error = object ? 0 : -errno;
	if (object) {
		object_make_harmless(object, autoload);
		*error = bpf_object__load(object);
		bpf_object__close(object);
	}
	free(image);
	if (!object)
		return "open-failed";
	if (sight.failed)
		return "failed";
	/* What libbpf does behind the records may fail as it likes. */
	return sight.reached ? "relocated" : "not-reached";
}

static void tell(const char *outcome, int error)
{
	printf("= %s %d %zu\n", outcome, error, sight.patches);
	fwrite(sight.lines.bytes, 1, sight.lines.length, stdout);
	if (sight.failed_record >= 0)
		printf("f %ld %d\n", sight.failed_record, sight.failed_error);
	fwrite(log_text.bytes, 1, log_text.length, stdout);
	fputs(".\n", stdout);
	fflush(stdout);
}

int main(void)
{
	const char *seconds = getenv("ORACLE_SECONDS");
	size_t room = 0;
	char *line = NULL;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	libbpf_set_print(on_log);
	while (getline(&line, &room, stdin) > 0) {
		char *rest = line, *mode = strsep(&rest, "\t\n"), *object = strsep(&rest, "\t\n"), *target = strsep(&rest, "\t\n");
		const char *outcome;
		int error = 0;

		if (!mode || !object || !target)
			return 2;
		struct text lines = sight.lines;
		lines.length = 0;
		sight = (struct sight){ .lines = lines, .failed_record = -1 };
		log_text.length = 0;
		verbose = *mode == 'v';
		target_expect(target);
		alarm(seconds ? atoi(seconds) : 60);
		outcome = relocate(object, target, mode[1] == 'd' ? AUTOLOAD_DEFAULT : mode[1] ? atoi(mode + 1) : AUTOLOAD_ALL, &error);
		alarm(0);
		tell(outcome, error);
	}
	return 0;
}
