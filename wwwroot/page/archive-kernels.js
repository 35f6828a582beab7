// The kernels, page by page: the next page is fetched when the user asks for it.
import { isAbort, json, problemOf, send } from './api.js';
import { button, bytes, el, hex, plural, shortDigest } from './dom.js';
import { object } from './object.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { save } from './save.js';

const page = 100;
const heads = ['Kernel', 'Size', 'Modules', 'From', 'Added', 'BTF', ''];
const numbers = ['Size', 'Modules'];

export async function kernelList(place, filter, found, signal) {
  const title = el('h2', { role: 'status' }, plural(found.kernels, 'kernel'));
  if (found.kernels === 0) {
    return place.replaceChildren(title, el('p', { className: 'empty' }, 'No kernel matches. Remove a word or a filter, or ',
      el('a', { href: routes.link('archive', { add: 1 }) }, 'add the kernel'), '.'));
  }
  const body = el('tbody');
  const more = el('div', { className: 'table-more', hidden: true });
  const fill = async after => {
    try {
      const got = await json('v1/kernels', { query: { ...filter, limit: page, after }, signal });
      body.append(...got.items.map(row));
      const rest = found.kernels - body.childElementCount;
      more.replaceChildren(button(`Show ${plural(Math.min(page, rest), 'more', 'more')} of ${plural(rest, 'kernel')}`, () =>
        fill(got.next), 'small'));
      more.hidden = !got.next;
    } catch (error) {
      if (!isAbort(error)) more.replaceChildren(problemCard(problemOf(error)));
    }
  };
  await fill();
  const head = el('tr', {}, heads.map(name => el('th', { scope: 'col', className: numbers.includes(name) ? 'number' : '' }, name)));
  place.replaceChildren(title, el('div', { className: 'table' },
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' },
    el('table', { className: 'stacks' }, el('thead', {}, head), body)), more));
}

const cell = (label, className, ...children) => el('td', { className, data: { label } }, ...children);

function row(k) {
  const title = object() ? `Relocate ${object().name} for it` : 'Relocate an object for it';
  return el('tr', {},
    cell('', 'code wraps', el('a', { href: routes.link('relocate', { object: object()?.ref, kernel: k.id }), title }, k.id),
      k.damaged ? el('span', { className: 'tone broken', title: k.damaged.join(', ') }, ' damaged') : ''),
    cell('Size', 'number', bytes(k.btfSizeBytes)),
    cell('Modules', 'number', k.modules.length > 0 ? el('span', { title: k.modules.join(', ') }, String(k.modules.length)) : '–'),
    cell('From', '', k.source), cell('Added', '', el('time', { dateTime: k.addedAt }, k.addedAt.slice(0, 10))),
    cell('BTF', 'code', el('a', { href: `v1/btf/${hex(k.btf)}`, title: `Download ${k.btf}`, onclick: event => takeBtf(event, k) },
      `${shortDigest(k.btf)}…`)),
    cell('', 'actions', el('a', { className: 'button small', href: routes.link('types', { kernel: k.id }) }, 'Types')));
}

async function takeBtf(event, kernel) {
  event.preventDefault();
  try {
    await save(await send(`v1/btf/${hex(kernel.btf)}`, { accept: 'application/octet-stream' }), `${kernel.release}.btf`);
  } catch (error) {
    event.target.closest('.table').prepend(problemCard(problemOf(error)));
  }
}
