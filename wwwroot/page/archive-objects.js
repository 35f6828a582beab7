// The objects that the service keeps: by tag, with what can be done with them.
import { isAbort, json, problemOf, send } from './api.js';
import { button, bytes, code, el, hex, shortDigest } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { save } from './save.js';

export async function objectList(place, signal) {
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const problems = el('div');
  const fill = async after => {
    try {
      const got = await json('v1/objects', { query: { limit: 50, after }, signal });
      body.append(...got.items.map(item => row(item, problems)));
      more.replaceChildren(button('Show more', () => fill(got.next), 'small'));
      more.hidden = !got.next;
    } catch (error) {
      if (!isAbort(error)) problems.replaceChildren(problemCard(problemOf(error)));
    }
  };
  await fill();
  if (body.childElementCount === 0) return place.replaceChildren(problems, el('p', { className: 'empty' }, 'None yet. Every relocated object is kept under its digest until it is not used for a while; one with a tag is kept until it is deleted: ', code('curl --data-binary @prog.bpf.o "…/v1/objects?name=prog"'), '.'));
  place.replaceChildren(problems, el('div', { className: 'table' }, el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kept objects' }, el('table', { className: 'stacks' },
    el('thead', {}, el('tr', {}, ['Tag', 'Digest', 'Size', 'Uploaded', 'Last used', ''].map(head => el('th', { scope: 'col', className: head === 'Size' ? 'number' : '' }, head)))), body)), more));
}

const cell = (label, className, ...children) => el('td', { className, data: { label } }, ...children);

function row(o, problems) {
  const ref = o.names[0] ?? hex(o.sha256);
  const element = el('tr', {},
    cell('', 'wraps', o.names.length > 0 ? o.names.map((name, i) => [i ? ', ' : '', el('a', { className: 'code', href: routes.link('many', { object: name }) }, name)]) : el('span', { className: 'soft' }, 'no tag')),
    cell('Digest', 'code', el('a', { href: routes.link('many', { object: hex(o.sha256) }), title: o.sha256 }, `${shortDigest(o.sha256)}…`)),
    cell('Size', 'number', bytes(o.sizeBytes)), cell('Uploaded', '', o.uploadedAt.slice(0, 10)), cell('Last used', '', o.lastUsedAt.slice(0, 10)),
    cell('', 'actions', button('Download', () => attempt(async () => save(await send(`v1/objects/${hex(o.sha256)}/file`, { accept: 'application/octet-stream' }), `${ref}.bpf.o`)), 'small'),
      ask('Delete', 'Really delete', () => attempt(async () => { await send(`v1/objects/${hex(o.sha256)}`, { method: 'DELETE' }); element.remove(); }))));
  const attempt = async action => {
    try {
      problems.replaceChildren();
      await action();
    } catch (error) {
      problems.replaceChildren(problemCard(problemOf(error)));
    }
  };
  return element;
}

// A second click is the question; it keeps its place.
function ask(words, really, action) {
  let asked = false;
  const element = button(words, () => {
    if (asked) return action();
    asked = true;
    element.textContent = really;
  }, 'small delete');
  element.addEventListener('blur', () => { asked = false; element.textContent = words; });
  return element;
}
