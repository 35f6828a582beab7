// A type over the kernels of the archive: a band for each line of kernels, a letter for each layout, and what changed at each border.
import { isAbort, json, problemOf } from './api.js';
import { code, count, el, plural } from './dom.js';
import { problemCard } from './problem.js';
import { link } from './routes.js';
import { sinceWhen } from './type-since.js';

const shown = 8; // changes at a border

export async function history(type, kernel, field, signal) {
  try {
    const found = await json(`v1/types/${encodeURIComponent(type.name)}/history`, { query: { kind: type.kind, limit: 1000 }, signal });
    if (found.items.length === 0) return el('p', { className: 'empty' }, found.unread > 0 ? `The service is still reading ${plural(found.unread, 'kernel')}. Open this again in a minute.` : 'No kernel of the archive has it.');
    return el('section', { ariaLabel: 'History' },
      el('p', { className: 'hint' }, `${plural(found.layouts, 'layout')} on ${count(found.present)} of ${plural(found.kernels, 'kernel')}`, found.unread > 0 ? `; ${plural(found.unread, 'kernel')} not read yet` : '', found.next ? '; the first 1,000 borders' : '', '. A letter is a layout, a bar its size.'),
      field ? sinceWhen(found.items, type, field) : '', bands(found.items, type, field));
  } catch (error) {
    if (isAbort(error)) throw error;
    return problemCard(problemOf(error));
  }
}

/** Items by distribution, architecture and flavour. */
export const linesOf = items => Object.entries(Object.groupBy(items, item => [item.distro, item.arch, item.flavour].filter(Boolean).join(' ')));

export const releaseOf = id => id.split('/').slice(3).join('/');

function bands(items, type, field) {
  const letters = new Map();
  for (const item of items) if (item.layout && !letters.has(item.layout)) letters.set(item.layout, name(letters.size));
  const largest = Math.max(...items.map(item => item.sizeBytes ?? 0), 1);
  return el('div', {}, linesOf(items).map(([line, list]) => el('section', { className: 'panel band-panel' }, el('h3', {}, line),
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: `Layouts of ${line}` }, el('ol', { className: 'band' }, list.map(item => segment(item, letters, largest, type)))),
    el('ul', { className: 'evidence borders' }, list.map((item, i) => border(item, list[i - 1], letters, type, field)).filter(Boolean)))));
}

const name = i => i < 26 ? String.fromCharCode(65 + i) : `${name(Math.floor(i / 26) - 1)}${name(i % 26)}`;

function segment(item, letters, largest, type) {
  const bar = el('span', { className: 'size' });
  bar.style.height = `${Math.round(24 * (item.sizeBytes ?? 0) / largest)}px`;
  const element = el('li', { title: `${releaseOf(item.from)} to ${releaseOf(item.to)}: ${plural(item.kernels, 'kernel')}` }, bar,
    item.layout ? el('a', { href: link('types', { kernel: item.from, kind: type.kind }, type.name) }, letters.get(item.layout)) : el('span', { className: 'broken' }, 'none'),
    el('span', { className: 'hint' }, item.sizeBytes === null ? '' : count(item.sizeBytes)), el('span', { className: 'hint' }, releaseOf(item.from)));
  element.style.flexGrow = item.kernels;
  return element;
}

function border(item, before, letters, type, field) {
  if (!before) return null;
  const where = [el('b', {}, `${letters.get(before.layout) ?? 'none'} → ${letters.get(item.layout) ?? 'none'}`), ' at ', code(releaseOf(item.from)), ': '];
  if (!item.layout || !before.layout) return el('li', {}, where, item.layout ? 'it appears' : 'it does not exist any more');
  const changes = field ? item.changes.filter(change => isOf(change, field)) : item.changes;
  if (changes.length === 0) return field ? null : el('li', {}, where, 'types of members only');
  return el('li', {}, where, changes.slice(0, shown).map((change, i) => [i ? ', ' : '', inWords(change)]), changes.length > shown ? [', and ', el('a', { href: link('types', { kernel: before.to, kind: type.kind, with: item.from }, type.name) }, plural(changes.length - shown, 'more', 'more'))] : '');
}

/** Whether a change is about the field, under its name before or after. */
export const isOf = (change, field) => [change.path, change.from?.name, change.to?.name].includes(field);

/** moved 16 → 24, renamed to __state. */
export function inWords({ path, change, from, to }) {
  if (change === 'renamed') return [code(to.name), ' appeared where ', code(from.name), ' was: perhaps renamed'];
  if (change === 'moved' || change === 'moved-and-resized') return [code(path), ' ', el('span', { className: 'moved' }, `${from.offsetBytes} → ${to.offsetBytes}`)];
  if (change === 'resized') return [code(path), ' ', el('span', { className: 'moved' }, `${from.sizeBytes} → ${plural(to.sizeBytes, 'byte')}`)];
  if (change === 'value') return [code(path), ` ${from.value} → ${to.value}`];
  return [code(path), ' ', el('span', { className: change === 'removed' ? 'broken' : '' }, change)];
}
