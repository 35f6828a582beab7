// What moved: each type as a block like pahole's, the object's offsets on the left, the kernel's on the right, lines between them.
import { json } from './api.js';
import { button, code, el, plural, svg } from './dom.js';
import { accessed } from './places.js';
import { rowsOf } from './moved-rows.js';
import { bare, enumeratorOf } from './records.js';
import { link } from './routes.js';

const rowHeight = 28;
const drawn = 8; // types drawn at once; the layout of each is a request

/** Waits for the layouts of the types: a block that grew later would push away what is read. */
export async function whatMoved(report, signal) {
  const types = accessed(report);
  const changed = types.filter(type => type.changes > 0);
  const same = types.filter(type => type.changes === 0);
  const values = enumerators(report);
  const place = el('div', { className: 'blocks' });
  const draw = async list => place.append(...await Promise.all(list.map(type => block(type, report.kernel.id, signal))));
  await draw(changed.slice(0, drawn));
  const rest = changed.slice(drawn);
  return [el('section', { ariaLabel: 'What moved' }, el('h2', {}, 'What moved'),
    changed.length + values.length === 0 ? el('p', {}, 'Nothing: every field that the object reads is where the object expects it.') : null,
    place, values,
    rest.length > 0 ? button(`Draw ${plural(rest.length, 'more type')}`, event => { event.target.remove(); draw(rest); }) : null,
    same.length > 0 ? el('details', { className: 'panel fold', ontoggle: event => fillOnce(event.target, same, report.kernel.id, signal) },
      el('summary', {}, `${plural(same.length, 'type is', 'types are')} read without any difference`, el('span', { className: 'hint' }, same.map(type => bare(type.name)).slice(0, 8).join(', ')))) : null)];
}

function fillOnce(details, types, kernel, signal) {
  if (details.open && details.childElementCount === 1) Promise.all(types.slice(0, 40).map(type => block(type, kernel, signal))).then(blocks => details.append(el('div', { className: 'blocks' }, blocks)));
}

const enumerators = report => report.relocations.filter(r => r.kind === 'enum-value' && r.outcome !== 'poisoned' && r.localValue !== r.targetValue).map(r => [enumeratorOf(r.local), r])
  .filter(([e], i, all) => e && all.findIndex(([other]) => other?.name === e.name) === i)
  .map(([e, r]) => el('p', { className: 'panel enum-moved' }, code(e.name), ` of ${e.type} has the value `, el('span', { className: 'tone moved' }, `${r.localValue} → ${r.targetValue}`), '.'));

async function block(type, kernel, signal) {
  const name = type.target ?? `${type.name.split(' ')[0]} ${bare(type.name)}`;
  const body = el('div', { className: 'block-body' });
  const element = el('div', { className: 'panel block' },
    el('h3', {}, el('a', { className: 'code', href: link('types', { kernel }, bare(name)) }, name), ' {',
      el('span', { className: 'hint' }, type.name === name ? summary(type) : `read as ${type.name}; ${summary(type)}`)), body);
  const open = new Set();
  // A type of a module is drawn without what lies between its fields.
  const layout = await json(`v1/types/${encodeURIComponent(name)}`, { query: { kernel }, signal }).then(answer => answer.type, () => null);
  const draw = () => body.replaceChildren(...drawing(type, rowsOf(type.fields, layout), open, kernel, bare(name), draw));
  draw();
  return element;
}

function summary(type) {
  const missing = type.fields.filter(field => field.change === 'missing').length;
  return `${plural(type.fields.length, 'field')} read${type.changes - missing > 0 ? `, ${type.changes - missing} changed` : ''}${missing > 0 ? `, ${missing} not here` : ''}`;
}

function drawing(type, all, open, kernel, name, redraw) {
  const rows = all.flatMap((row, i) => row.fold && open.has(i) ? row.fold.map(member => ({ member })) : [{ ...row, index: i }]);
  const left = type.fields;
  const height = Math.max(rows.length, left.length) * rowHeight;
  const lines = svg('svg', { class: 'links', width: 64, height, 'aria-hidden': 'true' });
  for (const [i, row] of rows.entries()) {
    if (!row.field) continue;
    const [from, to] = [left.indexOf(row.field), i].map(n => (n * rowHeight) + (rowHeight / 2));
    lines.append(svg('path', { d: `M0 ${from} C 32 ${from}, 32 ${to}, 64 ${to}`, class: row.field.change }));
  }
  return [
    el('ol', { className: 'gutter', ariaLabel: 'In the object' }, left.map(field => el('li', { className: colour(field) }, el('span', { className: 'clip', title: field.name }, field.name), el('b', {}, at(field.local))))),
    lines,
    el('ol', { className: 'kernel-rows', ariaLabel: 'On the kernel' }, rows.map(row => rowOf(row, kernel, name, () => { open.add(row.index); redraw(); }))),
  ];
}

const colour = field => field.change === 'missing' ? field.reachable ? 'broken' : 'absent' : field.change === 'same' ? 'same' : 'moved';
const at = place => place.bit === null || place.bit === undefined ? String(place.offset) : `${place.offset}:${place.bit}`;

function rowOf({ field, member, hole, fold, holes }, kernel, name, unfold) {
  if (hole) return el('li', { className: 'hole' }, el('b', {}, hole.offsetBytes), el('span', {}, `${plural(hole.sizeBytes, 'byte')} hole`));
  if (fold) {
    return el('li', { className: 'fold-row' }, el('b', {}, '⋮'), button(`… ${plural(fold.length, 'field')} the object does not read${holes.length ? `, ${plural(holes.length, 'hole')}` : ''}`, unfold, 'link'));
  }
  if (!field) return el('li', { className: 'unread' }, el('b', {}, member.offsetBytes), el('span', { className: 'code clip' }, declaration(member)), el('i', {}, member.sizeBytes));
  if (!field.target) {
    return el('li', { className: colour(field) }, el('b', {}, '–'), el('span', { className: 'code clip' }, field.name),
      el('i', {}, field.reachable ? 'does not exist here' : 'not here; the code checks', field.proposal ? `; perhaps ${field.proposal.path}` : ''));
  }
  const resized = field.local.size !== field.target.size && field.local.size !== null && field.target.size !== null;
  return el('li', { className: `${colour(field)} read` }, el('b', { data: { local: at(field.local) } }, at(field.target)),
    el('a', { className: 'code clip', title: field.name, href: link('types', { kernel, field: field.name.split(/[.[]/)[0] }, name) }, member ? declaration(member) : field.name),
    el('i', {}, resized ? `${field.local.size} → ${plural(field.target.size, 'byte')}` : field.target.size === null ? '' : plural(field.target.size, 'byte'),
      field.change === 'signedness' ? ' sign differs' : ''));
}

/** "char comm[16]", "int (*f)(void)": as C has it, near enough to read. */
export function declaration({ type, name, bitSize }) {
  const bits = bitSize ? ` : ${bitSize}` : '';
  if (type.includes('(*)')) return `${type.replace('(*)', `(*${name})`)}${bits}`;
  const [, base, array] = /^(.*?)((?:\[\d*\])*)$/s.exec(type);
  return `${base}${base.endsWith('*') ? '' : ' '}${name ?? ''}${array}${bits}`;
}
