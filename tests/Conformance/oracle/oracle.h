/* The oracle: Debian's libbpf relocates, we watch. See oracle.c for the protocol. */
#ifndef RELO_ORACLE_H
#define RELO_ORACLE_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Growing text; running out of memory ends the process, which the other side sees. */
struct text {
	char *bytes;
	size_t length, room;
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was seen of the pair at hand. */
struct sight {
	bool reached;		/* libbpf opened the target, so it began with the CO-RE records */
	bool failed;		/* it said that it gave up on them */
	long failed_record;	/* byte offset in .BTF.ext of the record it gave up on, -1 when not known */
	int failed_error;
	size_t patches;
	struct text lines;	/* a line per record and instruction */
};

extern struct sight sight;

/* targets.c: opened targets are kept; only the paths given here are, so libbpf's other BTF is unaffected. */
void target_expect(const char *path);
void target_forget(void);

/* object.c */
void *object_read(const char *path, size_t *size);
void object_weaken(void *image, size_t size);

/* harmless.c */
struct bpf_object;
enum { AUTOLOAD_ALL = -1, AUTOLOAD_DEFAULT = -2 };

/* autoload: one of the above, or the index of the only program to load */
void object_make_harmless(struct bpf_object *object, int autoload);

#endif
