// Beside the map: the groups, the worst first, and the difference of two.
import { button, code, count, el, plural } from './dom.js';
import { rangesOf } from './coverage.js';
import { difference, inWords } from './many-groups.js';
import { long } from './long.js';
import { words } from './records.js';
import { isLacking } from './verdict.js';
import { line } from './report-cause.js';

const most = 50; // of each list
const shown = 10; // groups at once

const cut = list => [list.slice(0, most), list.length > most ? el('li', { className: 'hint' }, `and ${count(list.length - most)} more`) : null];

export const mark = group => el('span', { className: `mark ${group.tone}`, ariaHidden: 'true' }, group.letter);

/** href: id of a kernel => address of its report. */
export function groupsPanel(groups, href) {
  return el('section', { className: 'panel', ariaLabel: 'Results' }, el('h2', {}, plural(groups.length, 'result', 'different results')),
    groups.slice(0, shown).map(group => groupOf(group, href)), groups.length > shown ? button(`Show ${plural(groups.length - shown, 'more result')}`, event => event.target.replaceWith(...groups.slice(shown).map(group => groupOf(group, href))), 'show-more') : null,
    groups.length > 1 ? compare(groups) : null);
}

function groupOf(group, href) {
  const body = el('div', { className: 'group-body' });
  return el('details', { className: 'group', ontoggle: event => { if (event.target.open && !body.childElementCount) body.append(...contents(group, href).filter(Boolean)); } },
    el('summary', {}, mark(group), el('span', {}, el('b', { className: group.tone === 'loads' ? '' : group.tone }, `${group.word}: `), group.title,
      el('span', { className: 'hint group-range' }, `${plural(group.kernels.length, 'kernel')}: ${rangesOf(group.kernels)}`))), body);
}

function contents(group, href) {
  const seen = new Set();
  const missing = group.missing.filter(m => m.reason !== 'architecture-mismatch' && !seen.has(`${m.local}${m.source?.line}`) && seen.add(`${m.local}${m.source?.line}`)).sort((a, b) => b.reachable - a.reachable);
  const lacking = group.checks.filter(check => isLacking(check) || check.status === 'changed');
  return [
    group.failure ? el('p', {}, group.failure.detail) : null,
    lacking.length > 0 ? el('ul', { className: 'evidence' }, cut(lacking.map(check => el('li', {}, `${check.status}: ${check.kind.replaceAll('-', ' ')} `, code(check.name), el('span', { className: 'hint' }, ` ${check.evidence}`))))) : null,
    missing.length > 0 ? el('ul', { className: 'evidence' }, cut(missing.map(m => el('li', {}, code(words(m.local)), el('span', { className: m.reachable ? 'broken' : 'hint' }, m.reachable ? ' does not exist, and is used' : ' does not exist; the code checks'), m.source ? line(m.source) : '')))) : null,
    group.fieldChanges.length > 0 ? el('ul', { className: 'evidence' }, cut(group.fieldChanges.filter(c => c.change !== 'missing').map(change => el('li', {}, inWords(change))))) : null,
    kernels(group.kernels, href),
  ];
}

/** Kernels as links to their reports. */
export function kernels(ids, href) {
  const place = el('div', { className: 'kernel-links', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' });
  return long(ids, id => el('a', { className: 'code', href: href(id) }, id), place);
}

function compare(groups) {
  const place = el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'What differs' });
  const choose = (index, name) => el('select', { ariaLabel: name, onchange: draw }, groups.map((group, i) => el('option', { value: i, selected: i === index }, `${group.letter}: ${group.word}`)));
  const [one, two] = [choose(0, 'First result'), choose(1, 'Second result')];
  function draw() {
    const [a, b] = [groups[one.value], groups[two.value]];
    const rows = difference(a, b);
    place.replaceChildren(rows.length === 0 ? el('p', { className: 'hint' }, a === b ? 'Choose two results.' : 'The same in all that is listed here; their code differs.')
      : el('table', {}, el('thead', {}, el('tr', {}, ['', a.letter, b.letter].map(head => el('th', { scope: 'col' }, head)))),
        el('tbody', {}, rows.slice(0, 200).map(([what, x, y]) => el('tr', {}, el('th', { scope: 'row', className: 'code wraps' }, what), el('td', {}, x), el('td', {}, y)))))) ;
  }
  draw();
  return el('div', { className: 'compare' }, el('h3', {}, 'What differs between two results'), el('div', { className: 'row' }, one, 'and', two), place);
}
