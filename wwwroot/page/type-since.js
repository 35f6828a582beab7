// Since when a field is there, line by line, and how it is read under both its names.
import { copyable } from './copy.js';
import { code, el } from './dom.js';
import { readBoth } from './guard.js';
import { inWords, isOf } from './type-changes.js';
import { linesOf, releaseOf } from './type-lines.js';

/** A sentence for each line of kernels in which something is known of the field. */
export function sinceWhen(items, type, field) {
  const found = linesOf(items).map(([line, list]) => [line, last(list, field)]).filter(([, change]) => change);
  const renamed = found.find(([, { change }]) => change.change === 'renamed')?.[1].change;
  return el('div', { className: 'note' }, el('strong', {}, `Since when is ${type.name}.${field} there?`),
    found.length === 0 ? el('p', {},
      'In the archive, no kernel adds, renames or removes it: each line of kernels has it from its oldest kernel on, or never.')
      : el('ul', { className: 'evidence' }, found.map(([line, { item, change }]) =>
        el('li', {}, el('b', {}, line), ': since ', code(releaseOf(item.from)), ' (', inWords(change), ')'))),
    renamed ? [el('p', {}, 'Read it under both names:'), copyable(bothNames(type, field, renamed), 'Both names in C')] : null);
}

// The newest change that made it appear or disappear under this name.
function last(list, field) {
  for (const item of list.toReversed()) {
    const change = item.changes?.find(c => isOf(c, field) && ['added', 'removed', 'renamed'].includes(c.change));
    if (change) return { item, change };
  }
  return null;
}

function bothNames(type, field, { from, to }) {
  const other = to.name === field ? from : to;
  return readBoth(`${type.kind} ${type.name}`, field, { path: other.name, type: other.type });
}
