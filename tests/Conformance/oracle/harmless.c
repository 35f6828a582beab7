/* Takes out of libbpf's way what has nothing to do with CO-RE. */
#include "oracle.h"

#include <bpf/libbpf.h>

/*
 * What would need the kernel before the records are looked at is taken out of its way: attach types, struct_ops maps,
 * pinned maps. None of them takes part in CO-RE relocation.
 */
void object_make_harmless(struct bpf_object *object, int autoload)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int index = 0;

	bpf_object__for_each_program(program, object) {
		if (autoload != AUTOLOAD_DEFAULT)
			bpf_program__set_autoload(program, autoload == AUTOLOAD_ALL || autoload == index);
		index++;
		bpf_program__set_type(program, BPF_PROG_TYPE_SOCKET_FILTER);
		bpf_program__set_expected_attach_type(program, 0);
	}
	bpf_object__for_each_map(map, object) {
		bpf_map__set_pin_path(map, NULL);
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			bpf_map__set_type(map, BPF_MAP_TYPE_ARRAY);
	}
}
