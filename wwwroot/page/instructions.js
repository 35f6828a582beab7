// An instruction before and after, with the differences marked.
import { el } from './dom.js';

const words = text => text.match(/\s+|\w+|[^\s\w]/g) ?? [];

/** The two as pieces, the middle of each marked: what is before and after it is the same in both. */
export function compare(before, after) {
  if (before === after) return [[before], [after]];
  const [a, b] = [words(before), words(after)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const marked = (list, tag) => [list.slice(0, start).join(''), el(tag, {}, list.slice(start, list.length - end).join('')),
    list.slice(list.length - end).join('')];
  return [marked(a, 'del'), marked(b, 'ins')];
}
