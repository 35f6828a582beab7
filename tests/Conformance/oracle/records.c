/*
 * Watches libbpf relocate record by record. bpf_object__load goes on to resolve calls and maps in the same instructions,
 * so the only moment to see what CO-RE made of one is right behind bpf_core_patch_insn.
 */
#include "oracle.h"

#include <linux/bpf.h>
#include <stdio.h>

/* Of libbpf's relo_core.h, which it does not install; only addresses pass through us. */
struct bpf_core_relo_res;
struct bpf_core_cand_list;
struct bpf_core_spec;

int __real_bpf_core_calc_relo_insn(const char *program, const struct bpf_core_relo *record, int index,
				   const struct btf *local, struct bpf_core_cand_list *candidates,
				   struct bpf_core_spec *scratch, struct bpf_core_relo_res *result);
int __wrap_bpf_core_calc_relo_insn(const char *program, const struct bpf_core_relo *record, int index,
				   const struct btf *local, struct bpf_core_cand_list *candidates,
				   struct bpf_core_spec *scratch, struct bpf_core_relo_res *result);
int __real_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result);
int __wrap_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result);
/* Exported by the library; its header of 1.1 declares it by another name. */
const void *btf_ext__get_raw_data(const struct btf_ext *ext, __u32 *size);
struct btf_ext *__real_btf_ext__new(const __u8 *data, __u32 size);
struct btf_ext *__wrap_btf_ext__new(const __u8 *data, __u32 size);

struct sight sight;

/* libbpf's own copy of .BTF.ext: a record's place in it names the record without doubt. */
static const char *records;

struct btf_ext *__wrap_btf_ext__new(const __u8 *data, __u32 size)
{
	struct btf_ext *ext = __real_btf_ext__new(data, size);
	__u32 length;

	records = ext ? btf_ext__get_raw_data(ext, &length) : NULL;
	return ext;
}

static void give_up(const struct bpf_core_relo *record, int error)
{
	sight.failed_record = (const char *)record - records;
	sight.failed_error = error;
}

int __wrap_bpf_core_calc_relo_insn(const char *program, const struct bpf_core_relo *record, int index,
				   const struct btf *local, struct bpf_core_cand_list *candidates,
				   struct bpf_core_spec *scratch, struct bpf_core_relo_res *result)
{
	int error = __real_bpf_core_calc_relo_insn(program, record, index, local, candidates, scratch, result);

	if (error)
		give_up(record, error);
	return error;
}

int __wrap_bpf_core_patch_insn(const char *program, struct bpf_insn *insn, int insn_index,
			       const struct bpf_core_relo *record, int index, const struct bpf_core_relo_res *result)
{
	/* Asked before: a poisoned 64-bit load is two calls afterwards. */
	int slots = insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
	int error = __real_bpf_core_patch_insn(program, insn, insn_index, record, index, result);
	const unsigned char *bytes = (const void *)insn;
	char hex[2 * 2 * sizeof(*insn) + 1];

	if (error) {
		give_up(record, error);
		return error;
	}
	for (size_t i = 0; i < slots * sizeof(*insn); i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	text_format(&sight.lines, "p %zu %s\n", (size_t)((const char *)record - records), hex);
	sight.patches++;
	return 0;
}
