// The members of a type on two kernels, one beside the other, with what says nothing folded.
import { flat } from './moved-rows.js';

const few = 3; // rows that are not worth a fold

/** Rows { was, is, change, inside } in the order of the later type; inside are the changes of embedded structs. */
export function pairs(from, to, changes) {
  const [before, after] = [from, to].map(members => flat(members ?? []).filter(member => member.name));
  const byPath = new Map(changes.map(change => [change.path, change]));
  const newName = new Map(changes.filter(c => c.change === 'renamed').map(c => [c.from.name, c.to.name]));
  const was = new Map(before.map(member => [newName.get(member.name) ?? member.name, member]));
  const isGone = member => byPath.get(member.name)?.change === 'removed';
  const rows = [];
  let next = 0; // of the members before
  const gone = until => {
    for (; next < until; next++) if (isGone(before[next])) rows.push({ was: before[next], is: null, change: 'removed', inside: [] });
  };
  for (const member of after) {
    const own = was.get(member.name);
    if (own) gone(before.indexOf(own));
    const change = byPath.get(member.name)?.change ?? (own ? null : 'added');
    rows.push({ was: own ?? null, is: member, change, inside: changes.filter(c => c.path.startsWith(`${member.name}.`)) });
  }
  gone(before.length);
  return rows;
}

const shift = row => row.change === 'moved' && row.is.bitOffset === row.was.bitOffset ? row.is.offsetBytes - row.was.offsetBytes : null;

// Rows with the same key say the same.
const keyOf = row => row.change === null ? 'same' : shift(row) === null ? null : `by ${shift(row)}`;

/** Rows, and folds { rows, by }: by is how far all of them moved, 0 if they are where they were. */
export function folded(rows) {
  const result = [];
  for (let at = 0; at < rows.length;) {
    const key = keyOf(rows[at]);
    let end = at + 1;
    while (key !== null && end < rows.length && keyOf(rows[end]) === key) end++;
    if (key !== null && end - at > few) result.push({ rows: rows.slice(at, end), by: shift(rows[at]) ?? 0 });
    else result.push(...rows.slice(at, end));
    at = end;
  }
  return result;
}
