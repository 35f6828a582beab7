// A type that the object reads, as a drawing: its fields in the object, the kernel's layout, and lines between them.
import { json } from './api.js';
import { declaration } from './declaration.js';
import { button, el, plural, svg } from './dom.js';
import { rowsOf } from './moved-rows.js';
import { bare } from './records.js';
import { link } from './routes.js';

const rowHeight = 28;

export async function block(type, kernel, signal) {
  const body = el('div', { className: 'block-body' });
  const name = bare(type.name);
  const element = el('div', { className: 'panel block' },
    el('h3', {}, el('a', { className: 'code', href: link('types', { kernel }, name) }, type.name),
      el('span', { className: 'hint' }, summary(type))), body);
  const open = new Set();
  // A type of a module is drawn without what lies between its fields.
  const layout = await json(`v1/types/${encodeURIComponent(type.name)}`, { query: { kernel }, signal }).then(answer => answer.type, () =>
    null);
  const draw = () => body.replaceChildren(...drawing(type, rowsOf(type.fields, layout), open, kernel, name, draw));
  draw();
  return element;
}

function summary({ fields, changes, flavours }) {
  const missing = fields.filter(field => field.change === 'missing').length;
  const read = [plural(fields.length, 'field') + ' read', changes > missing ? `${changes - missing} changed` : '', missing > 0
    ? `${missing} not here` : ''];
  const names = flavours.map(name => name.replace(/^\w+ /, '')).join(', ');
  return read.filter(Boolean).join(', ') + (names ? `; declared as ${names}` : '');
}

function drawing(type, all, open, kernel, name, redraw) {
  const rows = all.flatMap((row, i) => row.fold && open.has(i) ? row.fold.map(member => ({ member })) : [{ ...row, index: i }]);
  const left = type.fields;
  const height = Math.max(rows.length, left.length) * rowHeight;
  const lines = svg('svg', { class: 'links', width: 64, height, 'aria-hidden': 'true' });
  for (const [i, row] of rows.entries()) {
    if (!row.field) continue;
    const [from, to] = [left.indexOf(row.field), i].map(n => (n * rowHeight) + (rowHeight / 2));
    lines.append(svg('path', { d: `M4 ${from} C 34 ${from}, 30 ${to}, 60 ${to}`, class: row.field.change }));
  }
  return [
    el('ol', { className: 'gutter', ariaLabel: 'In the object' }, left.map(field => el('li', { className: colour(field) },
      el('span', { className: 'clip', title: field.name }, field.name), el('b', {}, at(field.local))))),
    lines,
    el('ol', { className: 'kernel-rows', ariaLabel: 'On the kernel' },
      rows.map(row => rowOf(row, kernel, name, () => { open.add(row.index); redraw(); }))),
  ];
}

const colour = field => field.change === 'missing' ? field.reachable ? 'broken' : 'absent' : field.change === 'same' ? 'same' : 'moved';
const at = place => place.bit === null || place.bit === undefined ? String(place.offset) : `${place.offset}:${place.bit}`;

function rowOf({ field, member, hole, fold, holes }, kernel, name, unfold) {
  if (hole) return el('li', { className: 'hole' }, el('b', {}, hole.offsetBytes), el('span', {}, `${hole.sizeBytes}-byte hole`));
  if (fold) {
    const words = `… ${plural(fold.length, 'field')} the object does not read${holes.length ? `, ${plural(holes.length, 'hole')}` : ''}`;
    return el('li', { className: 'fold-row' }, el('b', {}, '⋮'), button(words, unfold, 'link'));
  }
  if (!field) {
    return el('li', { className: 'unread' }, el('b', {}, member.offsetBytes), el('span', { className: 'code clip' }, declaration(member)),
      el('i', {}, member.sizeBytes));
  }
  return field.target ? present(field, member, kernel, name) : absent(field);
}

function absent(field) {
  const perhaps = field.proposal ? `; perhaps ${field.proposal.path}` : '';
  const words = `${field.reachable ? 'does not exist here' : 'not here, guarded'}${perhaps}`;
  return el('li', { className: colour(field) }, el('b', {}, '–'), el('span', { className: 'code' }, field.name),
    el('i', { className: 'clip', title: words }, words));
}

function present(field, member, kernel, name) {
  const resized = field.local.size !== field.target.size && field.local.size !== null && field.target.size !== null;
  const size = resized ? `${field.local.size} → ${plural(field.target.size, 'byte')}` : field.target.size === null ? ''
    : plural(field.target.size, 'byte');
  const href = link('types', { kernel, field: field.name.split(/[.[]/)[0] }, name);
  return el('li', { className: `${colour(field)} read` }, el('b', { data: { local: at(field.local) } }, at(field.target)),
    el('a', { className: 'code clip', title: field.name, href }, member ? declaration(member) : field.name),
    el('i', {}, size, field.change === 'signedness' ? ' sign differs' : ''));
}
