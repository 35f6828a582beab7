// What is found by name: types, fields, functions, variables and enumerators of one kernel, or the names of all kernels.
import { isAbort, json, problemOf } from './api.js';
import { button, count, el, plural } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';

let turn = 0;

/** where: '' for the kernel, 'all' for the archive. onWhere: called with the other one. */
export async function searchResults(place, { q, kernel, where, onWhere }, signal) {
  const mine = ++turn;
  const ofAll = where === 'all';
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const fill = async after => {
    const page = await json('v1/types', { query: { kernel: ofAll ? '' : kernel, q, limit: 100, after }, signal });
    if (mine !== turn) return null;
    const items = after ? page.items : exactFirst(page.items, q);
    body.append(...items.map(hit => ofAll ? rowOfAll(hit) : row(hit, kernel)));
    more.replaceChildren(button('Show more', () => fill(page.next), 'small'));
    more.hidden = !page.next;
    return page;
  };
  try {
    const page = await fill();
    if (!page) return;
    const n = page.next ? 'The first 100 hits' : plural(page.items.length, 'hit');
    place.replaceChildren(el('div', { className: 'row found' }, el('h2', { role: 'status' }, n), places(where, onWhere)),
      ofAll ? typesOnly(onWhere) : '',
      page.items.length === 0 ? nothing(q, ofAll, onWhere) : table(ofAll ? ['Name', 'Kind', 'Kernels'] : ['Name', 'Kind', 'Declaration'],
        body, more));
  } catch (error) {
    if (!isAbort(error)) place.replaceChildren(problemCard(problemOf(error)));
  }
}

const exactFirst = (items, q) => [...items.filter(hit => hit.name === q), ...items.filter(hit => hit.name !== q)];

const places = (where, onWhere) => el('div', { className: 'choices', role: 'group', ariaLabel: 'Where' },
  [['', 'On this kernel'], ['all', 'On all kernels']].map(([value, words]) =>
    el('button', { type: 'button', className: 'choice', ariaPressed: String(value === where), onclick: () => onWhere(value) }, words)));

const nothing = (q, ofAll, onWhere) => el('p', { className: 'empty' },
  ofAll ? `No kernel in the archive has a type, function or variable with “${q}” in its name.`
    : [`Nothing on this kernel has “${q}” in its name; types of modules are not searched. `,
      button('Search all kernels', () => onWhere('all'), 'link')]);

// The index of all kernels has names of types, and no members.
const typesOnly = onWhere => el('p', { className: 'hint' }, 'Types, functions and variables of all kernels. ',
  button('Fields and enumerators', () => onWhere(''), 'link'),
  ' are searched on one kernel; the history of their type covers the others.');

const table = (heads, body, more) => el('div', { className: 'table' },
  el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Hits' }, el('table', { className: 'stacks hits' },
    el('thead', {}, el('tr', {}, heads.map(head => el('th', { scope: 'col', className: head === 'Kernels' ? 'number' : '' }, head)))),
      body)), more);

const cell = (className, ...children) => el('td', { className, data: { label: '' } }, ...children);
const labelled = (label, ...children) => el('td', { className: 'number', data: { label } }, ...children);

// A field or enumerator leads to its type, to the line where it is.
function row(hit, kernel) {
  const [kind, name] = hit.in ? [hit.in.split(' ')[0], hit.in.replace(/^\S+ /, '')] : [hit.kind, hit.name];
  const href = routes.link('types', { kernel, kind, field: hit.in ? hit.name : '' }, name);
  return el('tr', {}, cell('code wraps', name === '{…}' ? hit.name : el('a', { href }, hit.name)),
    cell('wraps', hit.kind, hit.in ? [' of ', el('span', { className: 'code' }, hit.in)] : ''), cell('code wraps', hit.declaration ?? ''));
}

// The history of a name says which kernels have it.
function rowOfAll(hit) {
  const kind = hit.kind === 'symbol' ? '' : hit.kind;
  return el('tr', {}, cell('code wraps', el('a', { href: routes.link('types', { kind, show: 'history' }, hit.name) }, hit.name)),
    cell('', hit.kind === 'symbol' ? 'function or variable' : hit.kind), labelled('Kernels', count(hit.kernels)));
}
