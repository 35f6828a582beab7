// The kernels, page by page: the next page is fetched when the end of the list comes near.
import { isAbort, json, problemOf, send } from './api.js';
import { button, bytes, el, hex, plural, shortDigest } from './dom.js';
import { object } from './object.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { save } from './save.js';

const page = 100;

export async function kernelList(place, filter, found, signal) {
  const title = el('h2', { role: 'status' }, plural(found.kernels, 'kernel'));
  if (found.kernels === 0) return place.replaceChildren(title, el('p', { className: 'empty' }, 'No kernel matches. Take away a word or a choice, or add the kernel above.'));
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const fill = async after => {
    try {
      const got = await json('v1/kernels', { query: { ...filter, limit: page, after }, signal });
      body.append(...got.items.map(row));
      more.replaceChildren(button(`Show ${plural(Math.min(page, found.kernels - body.childElementCount), 'more', 'more')} of ${plural(found.kernels - body.childElementCount, 'kernel')}`, () => fill(got.next), 'small'));
      more.hidden = !got.next;
    } catch (error) {
      if (!isAbort(error)) more.replaceChildren(problemCard(problemOf(error)));
    }
  };
  await fill();
  place.replaceChildren(title, el('div', { className: 'table' }, el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' }, el('table', { className: 'stacks' },
    el('thead', {}, el('tr', {}, ['Kernel', 'Types', 'BTF', 'Size', 'From', 'Added', 'Modules'].map(head => el('th', { scope: 'col', className: ['Size', 'Modules'].includes(head) ? 'number' : '' }, head)))), body)), more));
}

const cell = (label, className, ...children) => el('td', { className, data: { label } }, ...children);

const row = k => el('tr', {},
  cell('', 'code wraps', el('a', { href: routes.link('relocate', { object: object()?.ref, kernel: k.id }), title: object() ? `Relocate ${object().name} for it` : 'Relocate an object for it' }, k.id),
    k.damaged ? el('span', { className: 'tone broken', title: k.damaged.join(', ') }, ' damaged') : ''),
  cell('', '', el('a', { href: routes.link('types', { kernel: k.id }) }, 'types')),
  cell('BTF', 'code', el('a', { href: `v1/btf/${hex(k.btf)}`, title: `Download ${k.btf}`, onclick: event => takeBtf(event, k) }, `${shortDigest(k.btf)}…`)),
  cell('Size', 'number', bytes(k.btfSizeBytes)),
  cell('From', '', k.source),
  cell('Added', '', el('time', { dateTime: k.addedAt }, k.addedAt.slice(0, 10))),
  cell('Modules', 'number', k.modules.length > 0 ? el('span', { title: k.modules.join(', ') }, String(k.modules.length)) : '–'));

async function takeBtf(event, kernel) {
  event.preventDefault();
  try {
    await save(await send(`v1/btf/${hex(kernel.btf)}`, { accept: 'application/octet-stream' }), `${kernel.release}.btf`);
  } catch (error) {
    event.target.closest('.table').prepend(problemCard(problemOf(error)));
  }
}
