// The fields that an object reads, by type, collected from a report: it has offsets in each record,
// and sizes if they changed or an instruction shows them.
import { access, bare } from './records.js';

const widths = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8 };
const width = instruction => widths[/\*\((\w+) \*\)/.exec(instruction)?.[1]] ?? null;

/**
 * The types of the kernel, those with changes first, each once although several flavours of it are read:
 * { name, flavours, changes, fields: [{ name, change, local: { offset, bit, size }, target }] }.
 */
export function accessed(report) {
  const types = new Map();
  for (const record of report.relocations) {
    if (!record.kind.startsWith('field-')) continue;
    const local = access(record.local);
    if (!local || local.field === '') continue;
    const target = access(record.target);
    const name = target?.type ?? `${local.type.split(' ')[0]} ${bare(local.type)}`;
    const type = get(types, name, () => ({ name, flavours: new Set(), fields: new Map() }));
    if (local.type !== name) type.flavours.add(local.type);
    // The same field through two flavours is one, unless they have it in different places.
    const key = `${local.field} ${local.offset}.${local.bit}`;
    const field = get(type.fields, key,
      () => ({ name: local.field, type: local.type, local: place(local), target: null, reachable: false }));
    if (target) field.target ??= place(target);
    field.reachable ||= record.reachable === true;
    sized(field, record);
  }

  const changes = new Map(report.fieldChanges.map(c => [`${c.type} ${c.field}`, c]));
  return [...types.values()].map(type => {
    const fields = [...type.fields.values()].map(field => named(field, changes.get(`${field.type} ${field.name}`))).sort((a, b) =>
      order(a) - order(b));
    return { ...type, flavours: [...type.flavours], fields, changes: fields.filter(f => f.change !== 'same').length };
  }).sort((a, b) => b.changes - a.changes || b.fields.length - a.fields.length);
}

// As on the kernel, so that lines cross only where fields changed places; what is not there comes last.
const order = field => (field.target ? field.target.offset + ((field.target.bit ?? 0) / 64) : Number.MAX_SAFE_INTEGER);

function get(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

const place = found => ({ offset: found.offset, bit: found.bit, size: null });

// The size in a record: the record asks for one, or its instruction loads that many bytes.
function sized(field, record) {
  if (record.kind === 'field-byte-size') {
    field.local.size ??= record.localValue;
    if (field.target) field.target.size ??= record.targetValue;
  } else if (record.kind === 'field-byte-offset') {
    field.local.size ??= width(record.before);
    if (field.target) field.target.size ??= width(record.after);
  }
}

function named(field, change) {
  const { local, target } = field;
  if (change) {
    local.size = change.localSizeBytes ?? local.size;
    if (change.localBitOffset !== undefined) local.bit = change.localBitOffset;
    if (target) {
      target.size = change.targetSizeBytes ?? target.size;
      if (change.targetBitOffset !== undefined) target.bit = change.targetBitOffset;
    }
  }
  return { ...field, change: !target ? 'missing' : !change ? 'same' : change.change, proposal: change?.proposal ?? null };
}
