/*
 * Finds raw BTF, or what may be a compressed payload, inside a kernel image.
 *
 *   btfcut FILE OUT         writes the largest sound BTF of FILE to OUT; exit 1 when there is none
 *   btfcut --payloads FILE  prints "<program> <offset>" for every place where a compressed stream may begin
 *
 * No section table is used: bzImage payloads, arm64 and riscv Images and s390 images have none. A kernel's BTF stands
 * uncompressed in the read-only data of the unpacked image, so its header can be searched for and then be checked.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *image;
static size_t size;

static uint32_t word(size_t at, int big)
{
	const uint8_t *p = image + at;

	return big ? (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]
		   : (uint32_t)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

/* A gzip header says more than its magic: no reserved flag, one of the compression levels. */
static int unlikely(const uint8_t *at)
{
	return at[0] == 0x1f && ((at[3] & ~8) || (at[8] & ~6));
}

/* Length of the BTF at this place, or 0: header fields agree with one another, strings begin and end with NUL. */
static size_t btf_at(size_t at)
{
	int big = image[at] == 0xeb && image[at + 1] == 0x9f;
	size_t left = size - at;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
	const uint8_t *strings;

	if (!big && !(image[at] == 0x9f && image[at + 1] == 0xeb))
		return 0;
	if (left < 24 || image[at + 2] != 1 || image[at + 3] != 0)
		return 0;
	hdr_len = word(at + 4, big);
	type_off = word(at + 8, big);
	type_len = word(at + 12, big);
	str_off = word(at + 16, big);
	str_len = word(at + 20, big);
	if (hdr_len < 24 || hdr_len > 4096 || type_off % 4 || type_len < 4096 || str_len < 4096)
		return 0;
	if ((uint64_t)type_off + type_len > str_off || (uint64_t)hdr_len + str_off + str_len > left)
		return 0;
	strings = image + at + hdr_len + str_off;
	if (strings[0] || strings[str_len - 1])
		return 0;
	return hdr_len + str_off + str_len;
}

static int read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t room = 1 << 24, got;

	if (!f) {
		perror(path);
		return -1;
	}
	image = malloc(room);
	while (image && (got = fread(image + size, 1, room - size, f)) > 0) {
		size += got;
		if (size == room)
			image = realloc(image, room *= 2);
	}
	fclose(f);
	return image ? 0 : -1;
}

static void print_payloads(void)
{
	static const struct {
		const char *program;
		uint8_t magic[6];
		size_t length;
	} streams[] = {
		{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6 },
		{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4 },
		{ "gzip", { 0x1f, 0x8b, 8 }, 3 },
		{ "lz4", { 0x02, 0x21, 0x4c, 0x18 }, 4 },
	};

	for (size_t at = 0; at + 16 <= size; at++)
		for (size_t s = 0; s < sizeof(streams) / sizeof(*streams); s++)
			if (!memcmp(image + at, streams[s].magic, streams[s].length) && !unlikely(image + at))
				printf("%s %zu\n", streams[s].program, at);
}

int main(int argc, char **argv)
{
	size_t best = 0, length = 0;
	FILE *out;

	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "--payloads")) {
		if (read_file(argv[2]))
			return 2;
		print_payloads();
		return 0;
	}
	if (read_file(argv[1]))
		return 2;
	for (size_t at = 0; at + 24 <= size; at++) {
		size_t here = btf_at(at);

		if (here > length) {
			best = at;
			length = here;
		}
	}
	if (!length)
		return 1;
	out = fopen(argv[2], "wb");
	if (!out || fwrite(image + best, 1, length, out) != length || fclose(out)) {
		perror(argv[2]);
		return 2;
	}
	return 0;
}
