// What the sources list, what of it is here, and why the rest is not.
import { isAbort, json, problemOf } from './api.js';
import { button, count, el, plural, tone } from './dom.js';
import { problemCard } from './problem.js';

const page = 100;

/** { sources, items: [{ distro, version, arch, listed, here, failed, lacking }], next } */
export const sourceCoverage = ({ distro, version, arch }, limit, after, signal) =>
  json('v1/coverage', { query: { distro, version, arch, limit, after }, signal });

/** A panel that opens; nothing if the sources list none of these kernels. */
export function sourcesPanel(covered, signal) {
  if (covered.items.length === 0) return '';
  const sum = name => covered.items.reduce((total, item) => total + item[name], 0);
  const names = covered.sources.map(source => source.source).join(', ');
  const details = el('details', { className: 'panel fold', ontoggle: () => {
    if (details.open && details.childElementCount === 1) details.append(table(covered.items, signal));
  } }, el('summary', {}, el('h2', {}, 'Sources'), el('span', { className: 'hint', title: names },
    `${plural(sum('listed'), 'kernel')} listed by ${names}; ${count(sum('here'))} here`
      + (sum('failed') > 0 ? `, ${count(sum('failed'))} failed` : ''))));
  return details;
}

const heads = ['Kernels', 'Listed', 'Here', 'Failed', 'Not tried', ''];

const table = (items, signal) => el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kernels of the sources' },
  el('table', { className: 'stacks' },
    el('thead', {}, el('tr', {}, heads.map((head, i) => el('th', { scope: 'col', className: i > 0 && head ? 'number' : '' }, head)))),
    el('tbody', {}, items.flatMap(item => rows(item, signal)))));

const cell = (label, className, ...children) => el('td', { className, data: { label } }, ...children);

// A row, and below it the kernels that are not here, once they were asked for.
function rows(item, signal) {
  const { distro, version, arch, listed, here, failed } = item;
  const lacking = listed - here;
  const title = [distro, version, arch].filter(Boolean).join(' ');
  const place = el('td', { colSpan: heads.length, className: 'wraps lacking' });
  const below = el('tr', { hidden: true }, place);
  const open = button('', () => {
    below.hidden = !below.hidden;
    show();
    if (place.childElementCount === 0) fillLacking(place, item, lacking, signal);
  }, 'small');
  const show = () => {
    open.textContent = below.hidden ? 'Show missing' : 'Hide missing';
    open.ariaExpanded = String(!below.hidden);
    open.ariaLabel = `${open.textContent}: ${plural(lacking, 'kernel')} of ${title}`;
  };
  show();
  return [el('tr', {},
    cell('', 'wraps', `${distro} ${version} `, el('span', { className: 'soft' }, arch)),
    cell('Listed', 'number', count(listed)), cell('Here', 'number', count(here)),
    cell('Failed', 'number', failed > 0 ? tone('look', count(failed)) : '–'),
    cell('Not tried', 'number', lacking > failed ? count(lacking - failed) : '–'),
    cell('', 'actions', lacking > 0 ? open : '')), below];
}

async function fillLacking(place, item, lacking, signal) {
  const list = el('ul', { className: 'lacking-list' });
  const more = el('div');
  place.replaceChildren(list, more);
  const fill = async after => {
    try {
      const got = await sourceCoverage(item, page, after, signal);
      list.append(...got.items.filter(other => other.version === item.version).flatMap(other => other.lacking).map(kernel => line(kernel)));
      const rest = lacking - list.childElementCount;
      more.replaceChildren(got.next ? button(`Show ${plural(Math.min(page, rest), 'more', 'more')} of ${count(rest)}`, () => fill(got.next),
        'small') : '');
    } catch (error) {
      if (!isAbort(error)) more.replaceChildren(problemCard(problemOf(error)));
    }
  };
  await fill();
}

const line = kernel => el('li', {}, el('code', { title: `${kernel.path} of ${kernel.source}` }, kernel.release), ' ',
  kernel.reason ? [kernel.reason, el('span', { className: 'soft' }, ` (${kernel.triedAt.slice(0, 10)})`)]
    : el('span', { className: 'soft' }, `not tried yet, from ${kernel.source}`));
