// The view of the archive: its kernels page by page, the stored data, an upload.
import { startAdd } from './add.js';
import { isAbort, json, problemOf, send } from './api.js';
import { $, button, bytes, code, el, hex, plural, shortDigest, whenIdle } from './dom.js';
import { object } from './object.js';
import { problemCard } from './problem.js';
import { save } from './save.js';
import * as state from './state.js';
import { usage } from './usage.js';

const filters = ['q', 'distro', 'version', 'arch', 'release'];
const page = 100;
let listing = null;

const filter = () => Object.fromEntries(filters.map(name => [name, $('a-form').elements[name].value.trim()]));

export function startArchive() {
  const later = whenIdle(list, 250);
  $('a-form').addEventListener('input', later);
  $('a-form').addEventListener('submit', event => {
    event.preventDefault();
    list();
  });
  startAdd(kernel => {
    $('a-form').reset();
    $('a-form').elements.q.value = kernel.id;
    refresh();
  });
}

/** Shows what the address says. */
export function openArchive(query) {
  for (const name of filters) $('a-form').elements[name].value = query.get(name) ?? '';
  refresh();
}

function refresh() {
  list();
  into($('usage'), usage);
  into($('objects'), objects);
}

async function into(place, make) {
  try {
    place.replaceChildren(await make());
  } catch (error) {
    place.replaceChildren(problemCard(problemOf(error)));
  }
}

async function list() {
  listing?.abort();
  const mine = listing = new AbortController();
  if (state.read().view === 'archive') state.write('archive', filter());
  const body = el('tbody');
  const more = el('div', { className: 'row more' });
  let shown = 0;
  const next = async after => {
    more.replaceChildren();
    try {
      const found = await json('v1/kernels', { query: { ...filter(), limit: page, after }, signal: mine.signal });
      if (listing !== mine) return;
      shown += found.items.length;
      body.append(...found.items.map(row));
      $('a-status').textContent = shown === 0 ? 'No kernel matches.' : found.next ? `The first ${plural(shown, 'kernel')}` : plural(shown, 'kernel');
      if (found.next) more.replaceChildren(button('Show more', () => next(found.next)));
      if (!after) $('a-list').replaceChildren(...shown > 0 ? [table(body), more] : []);
    } catch (error) {
      if (isAbort(error)) return;
      $('a-status').replaceChildren(problemCard(problemOf(error)));
    }
  };
  await next();
}

const table = body => el('div', { className: 'table' }, el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' }, el('table', {},
  el('thead', {}, el('tr', {}, ['Kernel', 'BTF', 'Size', 'From', 'Added', 'Modules'].map(head => el('th', { scope: 'col' }, head)))), body)));

const cell = (label, className, ...children) => el('td', { className, data: { label } }, el('div', {}, ...children));

const row = k => el('tr', {},
  cell('Kernel', 'code wraps', el('a', { href: state.link('relocate', { object: object()?.ref, kernel: k.id }) }, k.id)),
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
    $('a-status').replaceChildren(problemCard(problemOf(error)));
  }
}

async function objects() {
  const found = await json('v1/objects', { query: { limit: 50 } });
  if (found.items.length === 0) return el('p', { className: 'hint' }, 'None yet. Every relocated object is stored under its digest. An object with a tag is never removed.');
  return el('ul', { className: 'plain' }, found.items.map(o => el('li', {},
    el('a', { className: 'code', href: state.link('relocate', { object: hex(o.sha256) }) }, `${shortDigest(o.sha256)}…`), ' ',
    o.names.map(name => [code(name), ' ']), el('span', { className: 'hint' }, `${bytes(o.sizeBytes)}, used ${o.lastUsedAt.slice(0, 10)}`))), found.next ? el('li', { className: 'hint' }, 'and more') : '');
}
