// The guard to write before an access that does not exist on every kernel.
import { declaration } from './declaration.js';
import { access, bare, enumeratorOf } from './records.js';

/** C text; null where a check cannot help. proposal: what the kernel has instead. */
export function guardFor(record, proposal) {
  const field = access(record.local);
  if (field?.field) return ofField(field, proposal);
  const enumerator = enumeratorOf(record.local);
  if (enumerator) {
    const of = `${enumerator.type}, ${enumerator.name}`;
    return `if (bpf_core_enum_value_exists(${of})) {\n\t/* bpf_core_enum_value(${of}) */\n}`;
  }
  const type = field?.type ?? /^(?:struct|union|enum|typedef) \S+/.exec(record.local)?.[0];
  return type ? `if (bpf_core_type_exists(${type})) {\n\t/* … */\n}` : null;
}

const check = (type, field) => `bpf_core_field_exists(((${type} *)0)->${field})`.replace('->[', '[');

function ofField({ type, field }, proposal) {
  if (!proposal?.path || /[.[]/.test(field)) return `if (${check(type, field)}) {\n\t/* ${bare(type)}.${field} */\n}`;
  if (!/[.>]/.test(proposal.path)) return readBoth(type, field, proposal);
  return [`if (${check(type, field)})`, `\tvalue = BPF_CORE_READ(p, ${field});`,
    'else', `\tvalue = BPF_CORE_READ(p, ${proposal.path.replaceAll('->', ', ')});`].join('\n');
}

/** C that reads a field under its name or another one, whichever the kernel has. other: { path, type } */
export function readBoth(type, field, other) {
  // The flavour after "___" is no part of the name: it is matched with the kernel's type.
  const flavour = `${type.split(' ')[0]} ${bare(type)}___other`;
  return [
    `${flavour} {`, `\t${declaration({ type: other.type ?? 'unsigned int', name: other.path })};`,
      '} __attribute__((preserve_access_index));', '',
    `if (${check(type, field)})`, `\tvalue = BPF_CORE_READ(p, ${field});`,
    'else', `\tvalue = BPF_CORE_READ((${flavour} *)p, ${other.path});`,
  ].join('\n');
}
