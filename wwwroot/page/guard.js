// The guard to write before an access that does not exist on every kernel.
import { access, bare, enumeratorOf } from './records.js';

/** C text; null where a check cannot help. proposal: what the kernel has instead. */
export function guardFor(record, proposal) {
  const field = access(record.local);
  if (field?.field) return ofField(field, proposal);
  const enumerator = enumeratorOf(record.local);
  if (enumerator) return `if (bpf_core_enum_value_exists(${enumerator.type}, ${enumerator.name})) {\n\t/* bpf_core_enum_value(${enumerator.type}, ${enumerator.name}) */\n}`;
  const type = field?.type ?? /^(?:struct|union|enum|typedef) \S+/.exec(record.local)?.[0];
  return type ? `if (bpf_core_type_exists(${type})) {\n\t/* … */\n}` : null;
}

function ofField({ type, field }, proposal) {
  const check = of => `bpf_core_field_exists(((${of.type} *)0)->${of.field})`.replace('->[', '[');
  if (!proposal?.path || proposal.path.includes('.') || field.includes('.') || field.includes('[')) {
    return `if (${check({ type, field })}) {\n\t/* ${bare(type)}.${field} */\n}`;
  }
  // The flavour after "___" is no part of the name: it is matched with the kernel's type.
  const flavour = `${type.split(' ')[0]} ${bare(type)}___other`;
  return [
    `${flavour} {`, `\t${declaration(proposal)};`, '} __attribute__((preserve_access_index));', '',
    `if (${check({ type, field })})`, `\tvalue = BPF_CORE_READ(p, ${field});`,
    'else', `\tvalue = BPF_CORE_READ((${flavour} *)p, ${proposal.path});`,
  ].join('\n');
}

// "char[16]" is declared as "char comm[16]".
const declaration = ({ type, path }) => {
  const [, base, array = ''] = /^(.*?)((?:\[\d*\])*)$/s.exec(type ?? 'unsigned int');
  return `${base}${base.endsWith('*') ? '' : ' '}${path}${array}`;
};
