// A type over the kernels of the archive: a band for each line of kernels, a letter and a colour for each layout, its size as a curve,
// and what changed at each border.
import { isAbort, json, problemOf } from './api.js';
import { count, code, el, plural } from './dom.js';
import { problemCard } from './problem.js';
import { link } from './routes.js';
import { band } from './type-band.js';
import { inWords, isOf, summary } from './type-changes.js';
import { linesOf, name, releaseOf } from './type-lines.js';
import { sinceWhen } from './type-since.js';

export async function history(type, kernel, field, signal) {
  try {
    const found = await json(`v1/types/${encodeURIComponent(type.name)}/history`, { query: { kind: type.kind, limit: 1000 }, signal });
    if (found.items.length === 0) {
      const none = found.unread > 0 ? `The service is still reading ${plural(found.unread, 'kernel')}. Open this again in a minute.`
        : 'No kernel in the archive has it.';
      return el('p', { className: 'empty' }, none);
    }
    return el('section', { ariaLabel: 'History' }, el('p', { className: 'hint' }, counted(found)),
      field ? sinceWhen(found.items, type, field) : '', bands(found.items, type, field, kernel.id));
  } catch (error) {
    if (isAbort(error)) throw error;
    return problemCard(problemOf(error));
  }
}

const counted = found => `${plural(found.layouts, 'layout')} on ${count(found.present)} of ${plural(found.kernels, 'kernel')}${
  found.unread > 0 ? `; ${plural(found.unread, 'kernel')} not read yet` : ''}${found.next ? '; only the first 1,000 changes' : ''}. `
  + 'The same letter and colour mean the same layout; the line above shows the size in bytes.';

/** The lines with most borders first, that of the kernel before them. */
export function bands(items, type, field, kernel = '') {
  const letters = new Map();
  for (const item of items) if (item.layout && !letters.has(item.layout)) letters.set(item.layout, letters.size);
  const own = kernel.split('/');
  const isOwn = list => list.some(item => item.distro === own[0] && item.arch === own[2] && (item.from === kernel || item.to === kernel));
  const lines = linesOf(items).sort(([, a], [, b]) => isOwn(b) - isOwn(a) || b.length - a.length);
  return el('div', { className: 'panel bands' }, lines.map(([line, list]) => el('section', { className: 'band-line', ariaLabel: line },
    el('h3', {}, line), el('div', { className: 'band-body' }, band(list, letters, item =>
      link('types', { kernel: item.from, kind: type.kind }, type.name)),
      borders(list, letters, type, field)))));
}

function borders(list, letters, type, field) {
  const items = list.map((item, i) => i === 0 ? null : border(item, list[i - 1], letters, type, field)).filter(Boolean);
  return items.length > 0 ? el('ul', { className: 'evidence' }, items) : null;
}

function border(item, before, letters, type, field) {
  const where = [el('b', {}, `${name(letters.get(before.layout))} → ${name(letters.get(item.layout))}`), ' at ',
    code(releaseOf(item.from)), ': '];
  if (!item.layout || !before.layout) return el('li', {}, where, item.layout ? 'added' : 'removed');
  const changes = field ? item.changes.filter(change => isOf(change, field)) : item.changes;
  if (changes.length === 0) return field ? null : el('li', {}, where, 'only types of members changed');
  if (field) return el('li', {}, where, changes.map((change, i) => [i ? ', ' : '', inWords(change)]));
  const all = link('types', { kernel: before.to, kind: type.kind, with: item.from }, type.name);
  return el('li', {}, where, summary(changes), '. ', el('a', { href: all }, 'Side by side'));
}
