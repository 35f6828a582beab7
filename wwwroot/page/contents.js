// The contents of an object, independent of any kernel.
import { bytes, code, count, el, plural, shortDigest } from './dom.js';
import { table } from './table.js';

function needs(r) {
  const list = [];
  if (r.wholeObjectNeedsKernelBtf) list.push(el('li', {}, el('strong', {}, 'Kernel BTF on the node'), ', for the whole object: libbpf refuses it otherwise, regardless of relocation.'));
  if (r.typedKsyms.length > 0) list.push(el('li', {}, 'Kernel variables: ', code(r.typedKsyms.join(', '))));
  if (r.kfuncs.length > 0) list.push(el('li', {}, 'Kernel functions: ', code(r.kfuncs.join(', '))));
  if (r.hasStructOps) list.push(el('li', {}, 'struct_ops'));
  if (r.configExterns.length > 0) list.push(el('li', {}, 'The kernel’s configuration file: ', code(r.configExterns.join(', '))));
  if (r.hasGlobalData) list.push(el('li', {}, 'Global variables: Linux 5.2 or later'));
  return list;
}

const part = (title, open, ...inside) => el('details', { open }, el('summary', {}, title), ...inside);

const programs = list => table({
  label: 'Programs', rows: list, columns: [
    { title: 'Program', of: p => p.name, className: 'code' },
    { title: 'Section', of: p => p.section, className: 'code' },
    { title: 'Type', of: p => p.type },
    { title: 'Instructions', of: p => p.instructions, className: 'number' },
    { title: 'Kernel BTF', of: p => p.needsKernelBtf ? 'needed on the node' : 'not needed' },
    { title: 'Loaded', of: p => p.optional ? 'on request' : 'by default' },
  ],
});

const maps = list => table({
  label: 'Maps', rows: list, columns: [
    { title: 'Map', of: m => m.name, className: 'code' },
    { title: 'Type', of: m => m.type },
    { title: 'Key', of: m => m.keySizeBytes, show: m => m.keySizeBytes === undefined ? null : bytes(m.keySizeBytes) },
    { title: 'Value', of: m => m.valueSizeBytes, show: m => m.valueSizeBytes === undefined ? null : bytes(m.valueSizeBytes) },
    { title: 'Entries', of: m => m.maxEntries, className: 'number' },
  ],
});

const types = list => table({
  label: 'Kernel types', rows: list, columns: [
    { title: 'Type', of: t => t.type, className: 'code' },
    { title: 'Fields', of: t => t.fields.join(', '), className: 'code wraps' },
    { title: 'Size here', of: t => t.sizeBytes, show: t => t.sizeBytes === null ? null : bytes(t.sizeBytes) },
    { title: 'Records', of: t => t.relocations.length, className: 'number' },
  ],
});

const records = list => table({
  label: 'Records', rows: list, find: true, columns: [
    { title: '#', of: r => r.index, className: 'number' },
    { title: 'Program', of: r => r.program ?? r.section, className: 'code' },
    { title: 'Asks', of: r => `${r.kind} ${r.local}`, show: r => [el('span', { className: 'soft' }, r.kind), el('br'), r.local], className: 'code wraps' },
    { title: 'Source', of: r => r.source ? `${r.source.file}:${r.source.line} ${r.source.text}` : null, show: r => source(r.source), className: 'code source' },
  ],
});

/** A line of C and where it stands. */
export const source = s => s ? [el('span', { className: 'soft' }, `${s.file}:${s.line}`), el('br'), s.text] : null;

/** The object in a few lines, and all of it behind them. */
export function contents(document) {
  const o = document.object;
  const requirements = needs(o.requirements);
  const open = list => list.length <= 6 && matchMedia('(min-width: 60rem)').matches;
  return [
    el('ul', { className: 'facts' },
      el('li', {}, el('b', {}, count(o.programs.length)), o.programs.length === 1 ? ' program' : ' programs'),
      el('li', {}, el('b', {}, count(o.maps.length)), o.maps.length === 1 ? ' map' : ' maps'),
      el('li', {}, el('b', {}, count(o.relocations.length)), o.relocations.length === 1 ? ' record' : ' records'),
      el('li', {}, el('b', {}, count(o.localTypes.length)), o.localTypes.length === 1 ? ' kernel type' : ' kernel types'),
      el('li', {}, `${o.byteOrder}-endian`),
      o.license ? el('li', {}, `licence ${o.license}`) : null,
      el('li', {}, 'sha256 ', el('code', { title: document.sha256 }, `${shortDigest(document.sha256)}…`))),
    el('div', { className: 'parts' },
      part(plural(o.programs.length, 'program'), open(o.programs), programs(o.programs)),
      o.localTypes.length > 0 ? part(`Uses ${plural(o.localTypes.length, 'kernel type')}`, open(o.localTypes), types(o.localTypes)) : null,
      o.maps.length > 0 ? part(plural(o.maps.length, 'map'), false, maps(o.maps)) : null,
      o.relocations.length > 0 ? part(plural(o.relocations.length, 'record'), false, records(o.relocations)) : null,
      requirements.length > 0 ? part('Requirements', true, el('ul', {}, requirements)) : null,
    ),
  ].filter(Boolean);
}
