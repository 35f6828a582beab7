// A type on two kernels, side by side; what is the same is only counted.
import { isAbort, json, problemOf } from './api.js';
import { el, plural } from './dom.js';
import { kernelBox } from './kernel-box.js';
import { problemCard } from './problem.js';

export function difference(type, kernel, other, go, signal) {
  const place = el('div');
  const box = kernelBox({ label: 'Compare with kernel', value: other, onChosen: go });
  const form = el('form', { onsubmit: event => { event.preventDefault(); box.close(); go(box.query().kernel); } }, box.element, el('button', {}, 'Compare'));
  if (other) show(place, type, kernel, other, signal);
  return el('section', { ariaLabel: 'Difference' }, el('h2', {}, 'Difference between two kernels'), form, place);
}

async function show(place, type, from, to, signal) {
  try {
    const diff = await json(`v1/types/${encodeURIComponent(type.name)}/diff`, { query: { from, to }, signal });
    const sizes = diff.fromSizeBytes === diff.toSizeBytes ? `${diff.fromSizeBytes} bytes on both` : `${diff.fromSizeBytes} → ${plural(diff.toSizeBytes, 'byte')}`;
    place.replaceChildren(el('p', { role: 'status' }, diff.changes.length === 0 ? 'The same on both kernels.' : `${plural(diff.changes.length, 'difference')}; ${sizes}.`),
      diff.changes.length === 0 ? '' : el('div', { className: 'table' }, el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Differences' }, el('table', {},
        el('thead', {}, el('tr', {}, ['Field', 'Change', diff.from.release, diff.to.release].map(head => el('th', { scope: 'col' }, head)))),
        el('tbody', {}, diff.changes.map(change => el('tr', {}, el('td', { className: 'code wraps' }, change.path), el('td', {}, el('span', { className: tones[change.change] ?? 'moved' }, change.change)),
          el('td', { className: 'code wraps' }, side(change.from)), el('td', { className: 'code wraps' }, side(change.to)))))))));
  } catch (error) {
    if (!isAbort(error)) place.replaceChildren(problemCard(problemOf(error)));
  }
}

const tones = { removed: 'broken', added: 'same', renamed: 'look', retyped: 'look' };

function side(member) {
  if (!member) return '–';
  if (member.value !== null && member.value !== undefined) return `= ${member.value}`;
  return `${member.offsetBytes}${member.bitSize ? `:${member.bitOffset}` : ''}  ${member.type ?? ''} ${member.name} (${member.bitSize ? plural(member.bitSize, 'bit') : member.sizeBytes})`;
}
