// Two results, row by row.
import { failureOf, keyOf, nameOf } from './many-groups.js';
import { words } from './records.js';

/** What differs between two groups: [what, in the first, in the second]. */
export function difference(a, b) {
  const rows = a.isForeign || b.isForeign ? [] : fields(a, b); // nothing was compared on another architecture
  rows.push(...unlike(checks(a), checks(b), 'present'));
  const missing = a.isForeign || b.isForeign ? [] : unlike(absent(a), absent(b), 'exists');
  rows.push(...missing.filter(([name]) => !rows.some(([other]) => other === name)));
  if (a.failure || b.failure) rows.unshift(['result', ...[a, b].map(group => group.failure ? failureOf(group) : group.word)]);
  return rows;
}

function fields(a, b) {
  const rows = [];
  const [one, two] = [a, b].map(group => new Map(group.fieldChanges.map(change => [`${change.type}.${change.field}`, change])));
  for (const key of new Set([...one.keys(), ...two.keys()])) {
    const [x, y] = [one.get(key), two.get(key)];
    if (!x || !y || keyOf(x) !== keyOf(y)) rows.push([nameOf(x ?? y), placeOf(x, y), placeOf(y, x)]);
    else if (proposed(x) !== proposed(y)) rows.push([`instead of ${nameOf(x)}`, proposed(x), proposed(y)]);
  }
  return rows;
}

// What a kernel may have in the place of a missing field.
const proposed = ({ proposal }) => proposal ? `perhaps ${proposal.path}${proposal.type ? ` (${proposal.type})` : ''}` : 'nothing found';

const checks = group => new Map(group.checks.map(check => [`${check.kind.replaceAll('-', ' ')} ${check.name}`, check.status]));
const absent = group => new Map(group.missing.map(m => [words(m.local), m.reachable ? 'missing, and used' : 'missing, guarded']));

// Rows of two maps that differ; usual: what a map without the key says.
const unlike = (one, two, usual) => [...new Set([...one.keys(), ...two.keys()])].filter(key => one.get(key) !== two.get(key))
  .map(key => [key, one.get(key) ?? usual, two.get(key) ?? usual]);

// Where a group has no change, the field is where the object expects it.
function placeOf(change, other) {
  if (!change) return other.localOffsetBytes === null ? 'as in the object' : `at ${other.localOffsetBytes}`;
  if (change.targetOffsetBytes === null) return change.localOffsetBytes === null ? change.change.replace('-', ' ') : 'does not exist';
  return `at ${change.targetOffsetBytes}${change.targetSizeBytes !== change.localSizeBytes ? `, ${change.targetSizeBytes} bytes` : ''}`;
}
