// Changes of a type in few words.
import { code, count, el, plural } from './dom.js';

/** Whether the change is about the field, under its name before or after. */
export const isOf = (change, field) => [change.path, change.from?.name, change.to?.name].includes(field);

/** moved 16 → 24, renamed to __state. */
export function inWords({ path, change, from, to }) {
  if (change === 'renamed') return [code(to.name), ' is where ', code(from.name), ' was: perhaps renamed'];
  if (change === 'moved' || change === 'moved-and-resized') return [code(path), ' ',
    el('span', { className: 'moved' }, `${from.offsetBytes} → ${to.offsetBytes}`)];
  if (change === 'resized') return [code(path), ' ', el('span', { className: 'moved' },
    `${from.sizeBytes} → ${plural(to.sizeBytes, 'byte')}`)];
  if (change === 'value') return [code(path), ` ${from.value} → ${to.value}`];
  return [code(path), ' ', el('span', { className: change === 'removed' ? 'broken' : '' }, change)];
}

const kinds = ['removed', 'renamed', 'added', 'retyped', 'resized', 'moved-and-resized', 'value', 'moved'];
const shown = 4; // names of a kind
const depth = ({ path }) => path.split('.').length;

/** Many changes, kind by kind, what says most first: removed a, b and 3 more; renamed c → d; 226 moved. */
export function summary(changes) {
  const parts = kinds.map(kind => [kind, changes.filter(c => c.change === kind)]).filter(([, list]) => list.length > 0);
  return parts.flatMap(([kind, list], i) => [i ? '; ' : '', kind === 'moved' && list.length > shown ? `${count(list.length)} moved`
    : named(kind, list)]);
}

function named(kind, list) {
  const sorted = list.toSorted((a, b) => depth(a) - depth(b));
  const rest = list.length - shown;
  const tone = kind === 'removed' ? 'broken' : kind.includes('resized') || kind === 'moved' ? 'moved' : 'soft';
  return [el('span', { className: tone }, kind.replaceAll('-', ' ')), ' ',
    sorted.slice(0, shown).map((change, i) => [i ? ', ' : '', code(nameOf(change))]),
    rest > 0 ? ` and ${count(rest)} more` : ''];
}

const nameOf = ({ path, change, from, to }) => change === 'renamed' ? `${from.name} → ${to.name}` : path;
