// Every record: its access, its instruction before and after side by side, its line of C.
import { source } from './contents.js';
import { el } from './dom.js';
import { compare } from './instructions.js';
import * as state from './state.js';
import { table } from './table.js';

const outcomes = ['changed', 'unchanged', 'poisoned'];

const reached = r => r.reachable === undefined ? '' : r.reachable ? ', can be reached' : ', never reached';

export function relocations(list, shown) {
  if (list.length === 0) return [];
  return [el('section', { className: 'card' }, el('h2', {}, 'Relocations'), table({
    label: 'Relocations', rows: list, find: true,
    choice: { title: 'Outcome', of: r => r.outcome, values: outcomes.filter(o => list.some(r => r.outcome === o)) },
    state: { q: shown.filter, choice: shown.outcome, sort: shown.sort },
    onState: now => state.change({ filter: now.q, outcome: now.choice, sort: now.sort }),
    columns: [
      { title: '#', of: r => r.index, className: 'number' },
      { title: 'Program', of: r => `${r.program ?? r.section} ${String(r.instruction).padStart(6)}`, show: r => [r.program ?? r.section, el('br'), el('span', { className: 'soft' }, `instruction ${r.instruction}`)], className: 'code' },
      { title: 'Asks', of: r => `${r.kind} ${r.local} ${r.target ?? ''}`, show: asks, className: 'code wraps asks' },
      { title: 'Before', of: r => r.before, show: r => compare(r.before, r.after)[0], className: 'code' },
      { title: 'After', of: r => r.after, show: r => r.outcome === 'poisoned' ? el('del', {}, r.after) : compare(r.before, r.after)[1], className: 'code' },
      { title: 'Outcome', of: r => `${r.outcome} ${r.reason ?? ''}`, show: outcome },
      { title: 'Source', of: r => r.source ? `${r.source.file}:${r.source.line} ${r.source.text}` : null, show: r => source(r.source), className: 'code source' },
    ],
  }))];
}

const asks = r => [
  el('span', { className: 'soft' }, r.kind), el('br'), r.local,
  ...r.target && r.target !== r.local ? [el('br'), el('span', { className: 'soft' }, '→ '), r.target, r.module ? el('span', { className: 'soft' }, ` of module ${r.module}`) : ''] : [],
];

const outcome = r => [
  el('span', { className: `tag ${r.outcome === 'poisoned' ? (r.reachable ? 'bad' : 'warn') : r.outcome === 'changed' ? 'moved' : 'same'}` }, r.outcome),
  r.reason || r.reachable !== undefined ? el('div', { className: 'soft' }, `${r.reason ?? ''}${reached(r)}`) : '',
];
