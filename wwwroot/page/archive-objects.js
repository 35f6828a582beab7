// The objects that the service keeps: by tag, with the kernels that each loads on and what can be done with it.
import { isAbort, json, problemOf, send } from './api.js';
import { ask } from './ask.js';
import { button, bytes, code, el, hex, shortDigest } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { save } from './save.js';
import { servedKernels } from './served.js';

/** onDeleted: called after each deletion. */
export async function objectList(place, onDeleted, signal) {
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const problems = el('div');
  const served = servedKernels(signal);
  const fill = async after => {
    try {
      const got = await json('v1/objects', { query: { limit: 50, after }, signal });
      const tagged = got.items.toSorted((a, b) => Number(a.names.length === 0) - Number(b.names.length === 0)); // those with a tag first
      body.append(...tagged.map(item => row(item, served, onDeleted, problems)));
      more.replaceChildren(button('Show more', () => fill(got.next), 'small'));
      more.hidden = !got.next;
    } catch (error) {
      if (!isAbort(error)) problems.replaceChildren(problemCard(problemOf(error)));
    }
  };
  await fill();
  const isKnown = problems.childElementCount === 0;
  place.replaceChildren(problems, body.childElementCount > 0 ? table(body, more) : isKnown ? empty() : '');
}

const empty = () => el('p', { className: 'empty' },
  'None yet. A relocated object is kept until it has not been used for a while; one with a tag is kept until it is deleted: ',
  code('curl --data-binary @prog.bpf.o "…/v1/objects?name=prog"'), '.');

const heads = ['Tag', 'Loads on', 'Size', 'Uploaded', 'Last used', 'Digest', ''];

const table = (body, more) => el('div', { className: 'table' },
  el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kept objects' }, el('table', { className: 'stacks' },
    el('thead', {}, el('tr', {}, heads.map(head => el('th', { scope: 'col', className: head === 'Size' ? 'number' : '' }, head)))), body)),
      more);

const cell = (label, className, ...children) => el('td', { className, data: { label } }, ...children);

function row(o, served, onDeleted, problems) {
  const digest = hex(o.sha256);
  const ref = o.names[0] ?? digest;
  const attempt = async action => {
    try {
      problems.replaceChildren();
      await action();
    } catch (error) {
      problems.replaceChildren(problemCard(problemOf(error)));
    }
  };
  const download = async () => save(await send(`v1/objects/${digest}/file`, { accept: 'application/octet-stream' }), `${ref}.bpf.o`);
  const remove = async () => { await send(`v1/objects/${digest}`, { method: 'DELETE' }); element.remove(); onDeleted(); };
  const tags = o.names.map((name, i) => [i ? ', ' : '', el('a', { className: 'code', href: routes.link('many', { object: name }) }, name)]);
  const element = el('tr', {},
    cell('', 'wraps', tags.length > 0 ? tags : el('span', { className: 'soft' }, 'no tag')),
      cell('Loads on', 'served', served(ref, o.names.length > 0)),
    cell('Size', 'number', bytes(o.sizeBytes)), cell('Uploaded', '', o.uploadedAt.slice(0, 10)),
      cell('Last used', '', o.lastUsedAt.slice(0, 10)),
    cell('Digest', 'code', el('a', { href: routes.link('many', { object: digest }), title: o.sha256 }, `${shortDigest(o.sha256)}…`)),
    cell('', 'actions', button('Download', () => attempt(download), 'small'), ask('Delete', 'Confirm', () => attempt(remove))));
  return element;
}
