/* Reads an object and makes its undefined symbols weak, so that no kernel has to define them. */
#include "oracle.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *object_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	void *bytes = NULL;
	long length;

	if (!file)
		return NULL;
	if (!fseek(file, 0, SEEK_END) && (length = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET)) {
		bytes = malloc(length + 1);
		if (bytes && fread(bytes, 1, length, file) != (size_t)length) {
			free(bytes);
			bytes = NULL;
		}
		*size = length;
	}
	fclose(file);
	return bytes;
}

static bool inside(size_t size, uint64_t offset, uint64_t length)
{
	return offset <= size && length <= size - offset;
}

/*
 * libbpf looks for kconfig values and kernel symbols before it relocates, and ends there when a strong one is missing.
 * CO-RE knows nothing of symbol binding, so weak ones change no result.
 */
void object_weaken(void *image, size_t size)
{
	Elf64_Ehdr *header = image;

	if (size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_ident[EI_DATA] != ELFDATA2LSB)
		return;
	for (unsigned i = 0; i < header->e_shnum; i++) {
		uint64_t at = header->e_shoff + (uint64_t)i * sizeof(Elf64_Shdr);
		Elf64_Shdr *section = (void *)((char *)image + at);

		if (!inside(size, at, sizeof(*section)))
			return;
		if (section->sh_type != SHT_SYMTAB || !inside(size, section->sh_offset, section->sh_size))
			continue;
		Elf64_Sym *symbol = (void *)((char *)image + section->sh_offset);
		for (uint64_t left = section->sh_size / sizeof(*symbol); left > 0; left--, symbol++)
			if (symbol->st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL)
				symbol->st_info = ELF64_ST_INFO(STB_WEAK, ELF64_ST_TYPE(symbol->st_info));
	}
}
