// What is found by name on one kernel: types, fields, functions, variables, enumerators.
import { isAbort, json, problemOf } from './api.js';
import { button, el, plural } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';

let turn = 0;

export async function searchResults(place, q, kernel, signal) {
  const mine = ++turn;
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const fill = async after => {
    const page = await json('v1/types', { query: { kernel, q, limit: 100, after }, signal });
    if (mine !== turn) return null;
    body.append(...page.items.map(hit => row(hit, kernel)));
    more.replaceChildren(button('Show more', () => fill(page.next), 'small'));
    more.hidden = !page.next;
    return page;
  };
  try {
    const page = await fill();
    if (!page) return;
    if (page.items.length === 0) return place.replaceChildren(el('p', { className: 'empty' }, `Nothing on this kernel has “${q}” in its name. Types of modules are not searched.`));
    place.replaceChildren(el('h2', { role: 'status' }, page.next ? 'The first 100 hits' : plural(page.items.length, 'hit')), el('div', { className: 'table' },
      el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Hits' }, el('table', { className: 'stacks' },
        el('thead', {}, el('tr', {}, ['Name', 'Kind', 'In', 'Declaration'].map(head => el('th', { scope: 'col' }, head)))), body)), more));
  } catch (error) {
    if (!isAbort(error)) place.replaceChildren(problemCard(problemOf(error)));
  }
}

// A field or enumerator leads to its type, to the line where it is.
function row(hit, kernel) {
  const [kind, name] = hit.in ? [hit.in.split(' ')[0], hit.in.replace(/^\S+ /, '')] : [hit.kind, hit.name];
  const isAnonymous = name === '{…}';
  const href = routes.link('types', { kernel, kind, field: hit.in ? hit.name : '' }, name);
  return el('tr', {},
    el('td', { className: 'code wraps', data: { label: '' } }, isAnonymous ? hit.name : el('a', { href }, hit.name)),
    el('td', { data: { label: '' } }, hit.kind), el('td', { className: 'code wraps', data: { label: '' } }, hit.in ?? ''),
    el('td', { className: 'code wraps', data: { label: '' } }, hit.declaration ?? ''));
}
