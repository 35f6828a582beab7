// Beside the map: the groups, the worst first.
import { button, code, count, el, plural } from './dom.js';
import { inWords } from './many-groups.js';
import { long } from './long.js';
import { words } from './records.js';
import { isLacking } from './verdict.js';
import { line } from './report-cause.js';

const most = 50; // of each list
const shown = 10; // groups at once

const cut = list => [list.slice(0, most), list.length > most ? el('li', { className: 'hint' }, `and ${count(list.length - most)} more`)
  : null];
const listed = (items, make) => items.length > 0 ? el('ul', { className: 'evidence' }, cut(items.map(make))) : null;

const mark = group => el('span', { className: `mark ${group.isForeign ? 'foreign' : group.tone}`, ariaHidden: 'true' }, group.letter);

/** href: id of a kernel => address of its report. */
export function groupsPanel(groups, href) {
  const rest = groups.slice(shown);
  const more = button(`Show ${plural(rest.length, 'more result')}`, () => more.replaceWith(...rest.map(group => groupOf(group, href))),
    'show-more');
  return el('section', { className: 'panel', ariaLabel: 'Results' }, el('h2', {}, plural(groups.length, 'result', 'different results')),
    groups.slice(0, shown).map(group => groupOf(group, href)), rest.length > 0 ? more : null);
}

function groupOf(group, href) {
  const body = el('div', { className: 'group-body' });
  const fill = details => { if (details.open && !body.childElementCount) body.append(...contents(group, href).filter(Boolean)); };
  return el('details', { className: 'group', ontoggle: event => fill(event.target) },
    el('summary', {}, mark(group), el('span', {}, el('b', { className: group.tone === 'loads' ? '' : group.tone }, `${group.word}: `),
      group.title,
      el('span', { className: 'hint group-range' }, `${plural(group.kernels.length, 'kernel')}: ${group.range}`))), body);
}

function contents(group, href) {
  const missing = [...new Map(group.missing.filter(m => m.reason !== 'architecture-mismatch').map(m => [`${m.local}${m.source?.line}`,
    m])).values()];
  return [
    group.failure ? el('p', { className: 'lines' }, group.failure.detail) : null,
    listed(group.checks.filter(check => isLacking(check) || check.status === 'changed'), lacking),
    listed(missing.sort((a, b) => b.reachable - a.reachable), absent),
    listed(group.fieldChanges.filter(change => change.change !== 'missing'), change => el('li', {}, inWords(change))),
    kernels(group.kernels, href),
  ];
}

const lacking = check => el('li', {}, `${check.status}: ${check.kind.replaceAll('-', ' ')} `, code(check.name),
  el('span', { className: 'hint' }, ` ${check.evidence}`));

const absent = m => el('li', {}, code(words(m.local)),
  el('span', { className: m.reachable ? 'broken' : 'hint' }, m.reachable ? ' does not exist, and is used'
    : ' does not exist; the code checks'), m.source ? line(m.source) : '');

/** Kernels as links to their reports. */
export function kernels(ids, href) {
  const place = el('div', { className: 'kernel-links', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' });
  return long(ids, id => el('a', { className: 'code', href: href(id) }, id), place);
}
