/*
 * Cuts BPF objects out of programs that carry them (bpftool skeletons keep the whole object in read-only data).
 *   elfcut PROGRAM PREFIX     writes PREFIX.bpf.o, or PREFIX-1.bpf.o, … when there are several; prints the names
 */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *bytes;
static size_t size;

static int read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	long length;

	if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
		return -1;
	size = length;
	bytes = malloc(size + 1);
	return bytes && fread(bytes, 1, size, file) == size ? fclose(file) : -1;
}

/* An object ends behind its section table or its last section, whichever is later. */
static size_t object_at(size_t at)
{
	Elf64_Ehdr header;
	size_t left = size - at, end;

	if (left < sizeof(header) || memcmp(bytes + at, ELFMAG, SELFMAG))
		return 0;
	memcpy(&header, bytes + at, sizeof(header));
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_BPF)
		return 0;
	if (header.e_type != ET_REL || header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shoff > left)
		return 0;
	end = header.e_shoff + (size_t)header.e_shnum * sizeof(Elf64_Shdr);
	if (end > left)
		return 0;
	for (unsigned i = 0; i < header.e_shnum; i++) {
		Elf64_Shdr section;

		memcpy(&section, bytes + at + header.e_shoff + i * sizeof(section), sizeof(section));
		if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL)
			continue;
		if (section.sh_offset > left || section.sh_size > left - section.sh_offset)
			return 0;
		if (section.sh_offset + section.sh_size > end)
			end = section.sh_offset + section.sh_size;
	}
	return end;
}

int main(int argc, char **argv)
{
	int found = 0;

	if (argc != 3 || read_file(argv[1])) {
		fprintf(stderr, "elfcut: cannot read %s\n", argc > 1 ? argv[1] : "nothing");
		return 2;
	}
	for (size_t at = 0; at + sizeof(Elf64_Ehdr) <= size; at++) {
		size_t length = object_at(at);
		char name[4096];
		FILE *out;

		if (!length)
			continue;
		if (found++)
			snprintf(name, sizeof(name), "%s-%d.bpf.o", argv[2], found - 1);
		else
			snprintf(name, sizeof(name), "%s.bpf.o", argv[2]);
		out = fopen(name, "wb");
		if (!out || fwrite(bytes + at, 1, length, out) != length || fclose(out)) {
			perror(name);
			return 2;
		}
		puts(name);
		at += length - 1;
	}
	return 0;
}
