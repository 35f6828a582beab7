// Groups of kernels with the same result: letters, and titles that say what distinguishes each.
import { words } from './records.js';
import { isLacking, shapes, toneOf, wordOf } from './verdict.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letterOf = i => i < 26 ? letters[i] : letters[Math.floor(i / 26) - 1] + letters[i % 26];
const severity = { broken: 0, look: 1, loads: 2 };

/** The worst first, then the largest; each with letter, tone, word and title. */
export function lettered(groups) {
  const sorted = groups.map(group => ({ ...group, tone: toneOf(group), word: wordOf(group) }))
    .sort((a, b) => severity[a.tone] - severity[b.tone] || b.kernels.length - a.kernels.length);
  const shared = frequency(sorted);
  return sorted.map((group, i) => ({ ...group, letter: letterOf(i), shape: shapes[group.word], title: titleOf(group, shared, sorted.length) }));
}

const keyOf = change => `${change.type}.${change.field} ${change.change} ${change.targetOffsetBytes} ${change.targetSizeBytes}`;

function frequency(groups) {
  const found = new Map();
  for (const group of groups) for (const change of group.fieldChanges) found.set(keyOf(change), (found.get(keyOf(change)) ?? 0) + 1);
  return found;
}

function titleOf(group, shared, all) {
  if (group.failure) return group.failure.detail ?? group.failure.code;
  const foreign = group.checks.find(check => check.kind === 'architecture' && isLacking(check));
  if (foreign) return foreign.evidence.split(':')[0];
  const broken = distinct(group.missing.filter(m => m.reachable));
  if (broken.length > 0) return `${broken[0].local ? words(broken[0].local) : broken[0].reason} does not exist${broken[0].source ? `, and line ${broken[0].source.line} uses it` : ''}${more(broken.length - 1)}`;
  const lacking = group.checks.filter(isLacking);
  if (lacking.length > 0) return `no ${lacking[0].kind.replaceAll('-', ' ')} ${lacking[0].name}${more(lacking.length - 1)}`;
  const own = group.fieldChanges.filter(change => change.change !== 'missing' && shared.get(keyOf(change)) < all).sort((a, b) => shared.get(keyOf(a)) - shared.get(keyOf(b)));
  if (own.length > 0) return own.slice(0, 2).map(inWords).join(', ') + more(own.length - 2);
  const missing = distinct(group.missing);
  if (missing.length > 0) return `without ${missing.slice(0, 2).map(m => words(m.local)).join(' and ')}${more(missing.length - 2)}`;
  return group.fieldChanges.length > 0 ? group.fieldChanges.slice(0, 2).map(inWords).join(', ') + more(group.fieldChanges.length - 2) : 'nothing moved';
}

const more = n => n > 0 ? `, and ${n} more` : '';
const distinct = missing => [...new Map(missing.map(m => [m.local, m])).values()];

/** A change in few words: task_struct.state at 24 instead of 16. */
export function inWords(change) {
  const name = nameOf(change);
  if (change.targetOffsetBytes === null && change.localOffsetBytes === null) return `${name} ${change.change.replace('-', ' ')}`;
  if (change.targetOffsetBytes === null) return `${name} does not exist`;
  if (change.targetOffsetBytes !== change.localOffsetBytes || change.targetBitOffset !== change.localBitOffset) return `${name} at ${change.targetOffsetBytes} instead of ${change.localOffsetBytes}`;
  return change.targetSizeBytes !== change.localSizeBytes ? `${name} has ${change.targetSizeBytes} bytes instead of ${change.localSizeBytes}` : `${name} ${change.change}`;
}

const nameOf = change => words(`${change.type}${change.field ? `.${change.field}` : ''} (0 @ offset 0)`);

/** What differs between two groups: [what, in the first, in the second]. */
export function difference(a, b) {
  const rows = [];
  const [one, two] = [a, b].map(group => new Map(group.fieldChanges.map(change => [`${change.type}.${change.field}`, change])));
  for (const key of new Set([...one.keys(), ...two.keys()])) {
    const [x, y] = [one.get(key), two.get(key)];
    if (x && y && keyOf(x) === keyOf(y)) continue;
    rows.push([nameOf(x ?? y), placeOf(x, y), placeOf(y, x)]);
  }
  const [was, is] = [a, b].map(group => new Map(group.checks.map(check => [`${check.kind.replaceAll('-', ' ')} ${check.name}`, check.status])));
  for (const key of new Set([...was.keys(), ...is.keys()])) if (was.get(key) !== is.get(key)) rows.push([key, was.get(key) ?? 'present', is.get(key) ?? 'present']);
  const [missing, other] = [a, b].map(group => new Map(group.missing.map(m => [words(m.local), m.reachable ? 'missing, and used' : 'missing, guarded'])));
  for (const key of new Set([...missing.keys(), ...other.keys()])) if (missing.get(key) !== other.get(key) && !rows.some(([name]) => name === key)) rows.push([key, missing.get(key) ?? 'exists', other.get(key) ?? 'exists']);
  if (a.failure || b.failure) rows.unshift(['result', a.failure?.detail ?? a.word, b.failure?.detail ?? b.word]);
  return rows;
}

// Where a group has no change, the field is where the object expects it.
function placeOf(change, other) {
  if (!change) return other.localOffsetBytes === null ? 'as in the object' : `at ${other.localOffsetBytes}`;
  if (change.targetOffsetBytes === null) return change.localOffsetBytes === null ? change.change.replace('-', ' ') : 'does not exist';
  return `at ${change.targetOffsetBytes}${change.targetSizeBytes !== change.localSizeBytes ? `, ${change.targetSizeBytes} bytes` : ''}`;
}
