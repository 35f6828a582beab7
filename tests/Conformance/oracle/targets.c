/* Keeps the targets that libbpf opens: parsing a kernel's BTF costs more than relocating most objects. */
#include "oracle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct btf *__real_btf__parse(const char *path, struct btf_ext **ext);
struct btf *__wrap_btf__parse(const char *path, struct btf_ext **ext);
void __real_btf__free(struct btf *btf);
void __wrap_btf__free(struct btf *btf);

/* The callers sort their pairs by target, so one place is enough. */
static struct {
	char *path;
	struct btf *btf;
	int error;
} kept;
static const char *expected;

void target_expect(const char *path)
{
	expected = path;
	if (kept.path && strcmp(kept.path, path))
		target_forget();
}

void target_forget(void)
{
	struct btf *btf = kept.btf;

	free(kept.path);
	memset(&kept, 0, sizeof(kept));
	if (btf)
		__real_btf__free(btf);
}

struct btf *__wrap_btf__parse(const char *path, struct btf_ext **ext)
{
	if (!expected || strcmp(path, expected))
		return __real_btf__parse(path, ext);
	sight.reached = true;
	if (!kept.path) {
		kept.path = strdup(path);
		kept.btf = __real_btf__parse(path, ext);
		kept.error = kept.btf ? 0 : errno;
	}
	errno = kept.error;
	return kept.btf;
}

void __wrap_btf__free(struct btf *btf)
{
	if (btf && btf == kept.btf)
		return;
	__real_btf__free(btf);
}
