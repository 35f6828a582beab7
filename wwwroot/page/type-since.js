// Since when a field is there, line by line.
import { code, el } from './dom.js';
import { inWords, isOf, linesOf, releaseOf } from './type-history.js';

/** A sentence for each line of kernels in which something is known of the field. */
export function sinceWhen(items, type, field) {
  const found = linesOf(items).map(([line, list]) => [line, last(list, field)]).filter(([, change]) => change);
  return el('div', { className: 'note' }, el('strong', {}, `Since when is ${type.name}.${field} there?`),
    found.length === 0 ? el('p', {}, 'No kernel of the archive adds, renames or removes it: it is the same age as each line.')
      : el('ul', { className: 'evidence' }, found.map(([line, { item, change }]) => el('li', {}, el('b', {}, line), ': since ', code(releaseOf(item.from)), ' (', inWords(change), ')'))));
}

// The newest change that made it appear or disappear under this name.
function last(list, field) {
  for (const item of list.toReversed()) {
    const change = item.changes?.find(c => isOf(c, field) && ['added', 'removed', 'renamed'].includes(c.change));
    if (change) return { item, change };
  }
  return null;
}
