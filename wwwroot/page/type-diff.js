// A type on two kernels, side by side; what is the same, or moved by as much as its neighbours, is folded.
import { isAbort, json, problemOf } from './api.js';
import { declaration } from './declaration.js';
import { button, count, el, plural } from './dom.js';
import { kernelBox } from './kernel-box.js';
import { problemCard } from './problem.js';
import { folded, pairs } from './type-diff-rows.js';

export function difference(type, kernel, other, go, signal) {
  const place = el('div', { className: 'diff' });
  const box = kernelBox({ label: 'Compare with kernel', value: other, onChosen: go });
  const form = el('form', { className: 'diff-form', onsubmit: event => { event.preventDefault(); box.close(); go(box.query().kernel); } },
    box.element, el('button', { className: 'primary' }, 'Compare'));
  if (other) show(place, type, kernel, other, signal);
  else place.append(el('p', { className: 'empty' },
    `Choose a second kernel to see its ${type.name} beside this one. What is equal is folded.`));
  return el('section', { ariaLabel: 'Difference' }, form, place);
}

async function show(place, type, from, to, signal) {
  const path = `v1/types/${encodeURIComponent(type.name)}`;
  try {
    const [diff, later] = await Promise.all([
      json(`${path}/diff`, { query: { from, to, kind: type.kind }, signal }),
      json(path, { query: { kernel: to, kind: type.kind }, signal }),
    ]);
    const rows = type.members ? pairs(type.members, later.type.members, diff.changes) : values(diff.changes);
    place.replaceChildren(el('p', { role: 'status' }, diff.changes.length === 0 ? 'The same on both kernels.' : summary(diff)),
      rows.length === 0 ? '' : el('div', { className: 'panel diff-rows' }, el('div', { className: 'diff-row heads' },
        el('b', {}, ''), el('span', {}, diff.from.release), el('b', {}, ''), el('span', {}, diff.to.release)),
          folded(rows).map(rowOrFold)));
  } catch (error) {
    if (!isAbort(error)) place.replaceChildren(problemCard(problemOf(error)));
  }
}

function summary(diff) {
  const moved = diff.changes.filter(change => change.change === 'moved').length;
  const others = diff.changes.length - moved;
  const size = diff.fromSizeBytes === diff.toSizeBytes ? `${count(diff.fromSizeBytes ?? 0)} bytes on both`
    : `${count(diff.fromSizeBytes)} → ${plural(diff.toSizeBytes, 'byte')}`;
  return `${plural(others, 'change')}${moved > 0 ? `, and ${plural(moved, 'field')} that only moved` : ''}; ${size}.`;
}

// Enumerators, functions: only what changed.
const values = changes =>
  changes.map(({ path, change, from, to }) => ({ was: from && { ...from, name: path }, is: to && { ...to, name: path }, change,
  inside: [] }));

function rowOrFold(item) {
  if (!item.rows) return rowOf(item);
  const words = item.by === 0 ? `${plural(item.rows.length, 'field')} the same`
    : `${plural(item.rows.length, 'field')} moved by ${item.by > 0 ? '+' : '−'}${Math.abs(item.by)}`;
  return button(`⋮ ${words}`, event => event.target.replaceWith(...item.rows.flatMap(rowOf)), 'between');
}

const tones = { removed: 'broken', added: 'added', renamed: 'look', retyped: 'look' };

function rowOf({ was, is, change, inside }) {
  const [before, after] = [was, is].map(member => member ? text(member) : '');
  const resized = was && is && was.sizeBytes !== is.sizeBytes ? ` (${was.sizeBytes} → ${plural(is.sizeBytes, 'byte')})` : '';
  const row = el('div', { className: `diff-row ${change ? tones[change] ?? 'moved' : ''} ${before === after ? 'alike' : ''}` },
    el('b', {}, place(was)), el('span', { className: 'code' }, before), el('b', {}, place(is)),
    el('span', { className: 'code' }, after, change && change !== 'moved' ? el('i', {}, resized || change) : ''));
  if (inside.length === 0) return [row];
  const more = button(`⋮ ${plural(inside.length, 'change')} inside ${(is ?? was).name}`, event =>
    event.target.replaceWith(...values(inside).flatMap(rowOf)), 'between');
  return [row, more];
}

const text = member => member.value !== null && member.value !== undefined ? member.name : declaration(member);

function place(member) {
  if (!member) return '';
  if (member.value !== null && member.value !== undefined) return member.value;
  return member.bitSize ? `${member.offsetBytes}:${member.bitOffset}` : member.offsetBytes ?? '';
}
