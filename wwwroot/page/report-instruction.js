// An instruction as lines of a diff, and beside it the field that it is about.
import { code, el } from './dom.js';
import { compare } from './instructions.js';
import { access, bare, words } from './records.js';
import { link } from './routes.js';

export function instruction({ instruction: at, before, after, record }, kernel) {
  if (!record) return [row(at, ' ', [before], '')];
  if (record.outcome === 'unchanged') return [row(at, ' ', [before], 'same', about(record, kernel))];
  const [was, is] = compare(before, after);
  if (record.outcome !== 'poisoned') return [row(at, '-', was, 'was'), row(at, '+', is, 'is', about(record, kernel))];
  return [row(at, '-', was, 'was'), row(at, '+', [el('ins', {}, after)], record.reachable ? 'is bad' : 'is absent', about(record, kernel))];
}

const row = (at, sign, text, className, ...about) => el('div', { className: `ins ${className}` },
  el('span', { className: 'no' }, String(at)), el('span', { className: 'sign' }, sign), el('code', {}, text), ...about);

// What a record asks for, where it is not the offset.
const asked = kind => kind.endsWith('-exists') ? 'exists? ' : kind.endsWith('-size') ? 'size ' : kind.endsWith('-offset') ? ''
  : `${kind.replaceAll('-', ' ')} `;

function result(record) {
  if (record.outcome === 'poisoned') return record.reachable ? 'does not exist here, and is reached' : 'does not exist here, never reached';
  if (record.outcome === 'unchanged') return `${asked(record.kind)}same`;
  const differs = record.localValue !== record.targetValue && record.localValue !== null;
  return [asked(record.kind), differs ? el('span', { className: 'nobreak' }, `${record.localValue} → ${record.targetValue}`) : ''];
}

function about(record, kernel) {
  const field = access(record.local);
  const name = words(record.local);
  const type = bare((access(record.target) ?? field)?.type ?? '');
  const target = record.target && record.target !== record.local ? ` → ${record.target}` : '';
  const title = `${record.kind}: ${record.local}${target}${record.module ? ` (module ${record.module})` : ''}`;
  const href = () => link('types', { kernel, field: field?.field.split(/[.[]/)[0] }, type);
  return el('span', { className: 'about', title }, type ? el('a', { className: 'code', href: href() }, name) : code(name),
    el('span', { className: 'soft' }, ' ', result(record)));
}
