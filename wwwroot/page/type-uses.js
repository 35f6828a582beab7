// Which types of the kernel have members of a type.
import { isAbort, json, problemOf } from './api.js';
import { linkedField } from './declaration.js';
import { button, el, plural } from './dom.js';
import { problemCard } from './problem.js';
import { link } from './routes.js';

export async function usedIn(type, kernel, signal) {
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const fill = async after => {
    const query = { kernel: kernel.id, kind: type.kind, limit: 200, after };
    const page = await json(`v1/types/${encodeURIComponent(type.name)}/uses`, { query, signal });
    body.append(...page.items.map(use => row(use, kernel.id)));
    more.replaceChildren(button('Show more', () => fill(page.next), 'small'));
    more.hidden = !page.next;
    return page;
  };
  try {
    const page = await fill();
    if (page.items.length === 0) return el('p', { className: 'empty' },
      'Nothing on this kernel is declared with this type: no member, function, variable or typedef.');
    return el('section', { ariaLabel: 'Used in' }, el('h2', { role: 'status' }, page.next ? 'The first 200 uses'
      : plural(page.items.length, 'use')),
      el('div', { className: 'table' }, el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Uses' },
        el('table', { className: 'stacks hits' },
        el('thead', {}, el('tr', {}, ['In', 'Declaration'].map(head => el('th', { scope: 'col' }, head)))), body)), more));
  } catch (error) {
    if (isAbort(error)) throw error;
    return problemCard(problemOf(error));
  }
}

function row({ in: name, member, declaration }, kernel) {
  const isNamed = !name.includes('{…}');
  const [kind, bare] = /^(\w+) (.*)$/s.exec(name)?.slice(1) ?? ['', name];
  const href = field => link('types', { kernel, kind, field }, bare);
  return el('tr', {}, el('td', { className: 'code wraps', data: { label: '' } }, isNamed ? el('a', { href: href(member ?? '') }, name)
    : name),
    el('td', { className: 'code wraps', data: { label: '' } }, linkedField(declaration, member, kernel, href)));
}
