// What a record of a report says, taken apart: "struct task_struct.state (0:1 @ offset 16)".

const spec = /^(\w+ [^.[ (]+)((?:\.|\[).*?)? \(([\d:]+) @ offset (\d+)(?:\.(\d))?\)$/s;
const enumerator = /^(enum \S+)::(\S+) = (-?\d+)$/s;

/** { type, field, offset, bit }; null if the text is no access to a field. */
export function access(text) {
  const match = text ? spec.exec(text) : null;
  return match && { type: match[1], field: (match[2] ?? '').replace(/^\./, ''), offset: Number(match[4]), bit: match[5] === undefined
    ? null : Number(match[5]) };
}

/** { type, name, value }; null if the text is no enumerator. */
export function enumeratorOf(text) {
  const match = text ? enumerator.exec(text) : null;
  return match && { type: match[1], name: match[2], value: match[3] };
}

/** The name in the words of C: task_struct.state, X of enum e, struct foo. */
export function words(local) {
  const field = access(local);
  if (field?.field) return `${bare(field.type)}${field.field.startsWith('[') ? '' : '.'}${field.field}`;
  return enumeratorOf(local)?.name ?? local.replace(/ \([\d:]+ @ offset [\d.]+\)$/, '');
}

/** Without the keyword, and without what follows "___", which is no part of a type's name in CO-RE. */
export const bare = type => type.replace(/^(struct|union|enum|typedef) /, '').replace(/___[^_].*$/, '');

/** Poisoned records that can be reached, each access of a line once. */
export function brokenAccesses(report) {
  const found = new Map();
  for (const record of report.relocations) {
    if (record.outcome !== 'poisoned' || !record.reachable) continue;
    const key = `${record.local}\n${record.source?.file}\n${record.source?.line}\n${record.program}`;
    if (!found.has(key)) found.set(key, record);
  }
  return [...found.values()];
}
