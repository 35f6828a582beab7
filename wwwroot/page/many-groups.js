// Groups of kernels with the same result: letters, and titles that say what distinguishes each.
import { rangesOf } from './coverage.js';
import { words } from './records.js';
import { isLacking, shapes, toneOf, wordOf } from './verdict.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letterOf = i => i < 26 ? letters[i] : letters[Math.floor(i / 26) - 1] + letters[i % 26];
const severity = { broken: 0, look: 1, loads: 2 };

/** The worst first, then the largest; each with letter, tone, word, title and the range of its kernels. */
export function lettered(groups) {
  const sorted = foreignAsOne(groups.map(group => ({ ...group, tone: toneOf(group), word: wordOf(group), isForeign: isForeign(group) })))
    .sort((a, b) => rank(a) - rank(b) || b.kernels.length - a.kernels.length);
  const shared = frequency(sorted);
  return sorted.map((group, i) => ({
    ...group, letter: letterOf(i), shape: shapes[group.word], title: titleOf(group, shared, sorted.length), range: rangesOf(group.kernels),
  }));
}

// What breaks on its own architecture is worse than what was never meant for a kernel.
const rank = group => severity[group.tone] * 2 + (group.isForeign ? 1 : 0);

const isForeign = group => group.checks.some(check => check.kind === 'architecture' && isLacking(check));

// Compiled for another architecture: one result, however the layouts differ.
function foreignAsOne(groups) {
  const foreign = groups.filter(group => group.isForeign);
  if (foreign.length < 2) return groups;
  const checks = foreign[0].checks.filter(check => check.kind === 'architecture');
  const one = { ...foreign[0], kernels: foreign.flatMap(group => group.kernels), fieldChanges: [], missing: [], checks };
  return [...groups.filter(group => !group.isForeign), one];
}

/** Equal where two changes are. */
export const keyOf = change => `${change.type}.${change.field} ${change.change} ${change.targetOffsetBytes} ${change.targetSizeBytes}`;

function frequency(groups) {
  const found = new Map();
  for (const group of groups) for (const change of group.fieldChanges) found.set(keyOf(change), (found.get(keyOf(change)) ?? 0) + 1);
  return found;
}

/** The first line of what failed: the others say which program and record that was. */
export const failureOf = group => group.failure.detail?.split('\n')[0] ?? group.failure.code;

function titleOf(group, shared, all) {
  if (group.failure) return failureOf(group);
  if (group.isForeign) return `compiled for ${/compiled for (\S+),/.exec(group.checks[0].evidence)?.[1] ?? 'another architecture'}`;
  const broken = distinct(group.missing.filter(m => m.reachable));
  if (broken.length > 0) return absence(broken[0]) + more(broken.length - 1);
  const lacking = group.checks.filter(isLacking);
  if (lacking.length > 0) return `no ${lacking[0].kind.replaceAll('-', ' ')} ${lacking[0].name}${more(lacking.length - 1)}`;
  const changed = group.checks.filter(check => check.status === 'changed');
  if (changed.length > 0) return `${changed[0].kind.replaceAll('-', ' ')} ${changed[0].name} differs${more(changed.length - 1)}`;
  const own = group.fieldChanges.filter(change => change.change !== 'missing' && shared.get(keyOf(change)) < all).sort((a, b) =>
    shared.get(keyOf(a)) - shared.get(keyOf(b)));
  if (own.length > 0) return own.slice(0, 2).map(inWords).join(', ') + more(own.length - 2);
  const missing = distinct(group.missing);
  if (missing.length > 0) return `without ${missing.slice(0, 2).map(m => words(m.local)).join(' and ')}${more(missing.length - 2)}`;
  return group.fieldChanges.length > 0 ? group.fieldChanges.slice(0, 2).map(inWords).join(', ') + more(group.fieldChanges.length - 2)
    : 'nothing moved';
}

const absence = ({ local, reason, source }) =>
  `${local ? words(local) : reason} does not exist${source ? `, and line ${source.line} uses it` : ''}`;

const more = n => n > 0 ? `, and ${n} more` : '';
const distinct = missing => [...new Map(missing.map(m => [m.local, m])).values()];

/** A change in few words: task_struct.state at 24 instead of 16. */
export function inWords(change) {
  const name = nameOf(change);
  if (change.targetOffsetBytes === null && change.localOffsetBytes === null) return `${name} ${change.change.replace('-', ' ')}`;
  if (change.targetOffsetBytes === null) return `${name} does not exist`;
  if (change.targetOffsetBytes !== change.localOffsetBytes ||
    change.targetBitOffset !== change.localBitOffset) return `${name} at ${change.targetOffsetBytes} instead of ${change.localOffsetBytes}`;
  return change.targetSizeBytes !== change.localSizeBytes
    ? `${name} has ${change.targetSizeBytes} bytes instead of ${change.localSizeBytes}` : `${name} ${change.change}`;
}

/** The name of what changed, in the words of C. */
export const nameOf = ({ type, field }) => type.startsWith('enum ') && field ? field
  : words(`${type}${field ? `.${field}` : ''} (0 @ offset 0)`);
