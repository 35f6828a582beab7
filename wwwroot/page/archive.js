// The archive: which kernels, how to add one, which objects are kept.
import { isAbort, problemOf, send } from './api.js';
import { addKernel } from './archive-add.js';
import { kernelList } from './archive-kernels.js';
import { objectList } from './archive-objects.js';
import { choices } from './choices.js';
import { coverage, tally } from './coverage.js';
import { bytes, el, plural, whenIdle } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';

const names = ['distro', 'version', 'arch', 'q'];

export async function openArchive(place, { query }, signal) {
  const filter = Object.fromEntries(names.map(name => [name, query.get(name) ?? '']));
  const parts = { disk: el('p', { className: 'hint disk' }, ' '), filters: el('div', { className: 'filters' }), list: el('div', { className: 'archive-list' }), objects: el('div', { className: 'archive-objects' }) };
  const search = el('input', { type: 'search', value: filter.q, ariaLabel: 'Words of the id', placeholder: 'Find: ubuntu aws 5.15', autocomplete: 'off', spellcheck: false, oninput: whenIdle(() => change('q')(search.value.trim()), 250) });
  const add = addKernel({ signal, onAdded: () => draw() });
  place.replaceChildren(el('h1', { tabIndex: -1 }, 'Archive'), parts.disk,
    el('div', { className: 'row' }, search, el('a', { className: 'button', href: '#/archive?add=1', onclick: event => { event.preventDefault(); add.show(); } }, 'Add a kernel')),
    add.element, parts.filters, parts.list);
  const change = name => value => {
    filter[name] = value;
    if (name === 'distro') filter.version = '';
    routes.write('archive', filter);
    draw();
  };
  let turn = 0;
  async function draw() {
    const mine = ++turn;
    try {
      const [all, found] = await Promise.all([coverage({ q: filter.q }, signal), coverage(filter, signal)]);
      if (mine !== turn) return;
      const within = (...keys) => all.items.filter(item => keys.every(key => !filter[key] || item[key] === filter[key]));
      parts.filters.replaceChildren(...[choices('Distribution', tally(within('arch'), 'distro'), filter.distro, change('distro')),
        filter.distro ? choices('Version', tally(within('arch', 'distro'), 'version'), filter.version, change('version')) : '',
        choices('Architecture', tally(within('distro', 'version'), 'arch'), filter.arch, change('arch'))].filter(Boolean));
      await kernelList(parts.list, filter, found, signal);
    } catch (error) {
      if (!isAbort(error)) parts.list.replaceChildren(problemCard(problemOf(error)));
    }
  }
  if (query.get('add')) add.show();
  disk(parts.disk, signal);
  await draw();
  place.append(el('h2', { id: 'kept' }, 'Kept objects'), parts.objects); // below the kernels, once they are there
  await objectList(parts.objects, signal);
  if (query.get('show') === 'objects') document.getElementById('kept').scrollIntoView();
}

// What the service keeps, read from its metrics and its health.
async function disk(place, signal) {
  try {
    const values = parse(await (await send('metrics', { accept: 'text/plain', signal })).text());
    const health = await fetch('healthz/ready', { signal }).then(async answer => { await answer.text(); return answer.ok; }, () => false);
    const n = name => values.get(name) ?? 0;
    place.replaceChildren(`${plural(n('relo_kernels'), 'kernel')}, ${bytes(n('relo_kernels_size_bytes'))} of BTF on disk; ${plural(n('relo_objects_kept'), 'kept object')}, ${bytes(n('relo_objects_size_bytes'))}; ${bytes(n('relo_btf_open_bytes') + n('relo_results_size_bytes'))} in memory. `,
      health ? el('span', { className: 'tone same' }, 'Ready.') : el('span', { className: 'tone broken' }, 'Not ready.'));
  } catch (error) {
    if (!isAbort(error)) place.textContent = 'Its size is not known: /metrics did not answer.';
  }
}

function parse(text) {
  const values = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{[^}]*\})? ([\d.eE+-]+)/.exec(line);
    if (match) values.set(match[1], (values.get(match[1]) ?? 0) + Number(match[2]));
  }
  return values;
}
