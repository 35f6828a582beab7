// The archive: which kernels, how to add one, which objects are kept.
import { isAbort, problemOf } from './api.js';
import { addKernel } from './archive-add.js';
import { coverageMap } from './archive-coverage.js';
import { disk } from './archive-disk.js';
import { kernelList } from './archive-kernels.js';
import { objectList } from './archive-objects.js';
import { sourceCoverage, sourcesPanel } from './archive-sources.js';
import { choices } from './choices.js';
import { coverage, tally } from './coverage.js';
import { el, whenIdle } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';

const names = ['distro', 'version', 'arch', 'q'];

export async function openArchive(place, { query }, signal) {
  const filter = Object.fromEntries(names.map(name => [name, query.get(name) ?? '']));
  const made = (tag, className) => el(tag, { className });
  const parts = { disk: el('p', { className: 'hint disk' }, ' '), filters: made('div', 'filters'), list: made('div', 'archive-list'),
    coverage: made('div', 'archive-coverage'), objects: made('div', 'archive-objects') };
  const search = el('input', {
    type: 'search', value: filter.q, ariaLabel: 'Find kernels', placeholder: 'Find: ubuntu aws 5.15', autocomplete: 'off',
      spellcheck: false,
    oninput: whenIdle(() => change('q')(search.value.trim()), 250, signal),
  });
  const recount = whenIdle(() => disk(parts.disk, signal), 1100, signal); // the service counts once a second
  const add = addKernel({ signal, onAdded: () => { recount(); draw(); } });
  const open = el('a', { className: 'button', href: '#/archive?add=1', onclick: event => { event.preventDefault(); add.show(); } },
    'Add a kernel');
  place.replaceChildren(el('h1', { tabIndex: -1 }, 'Archive'), parts.disk, el('div', { className: 'row archive-tools' }, search, open),
    add.element,
    parts.filters, parts.list);
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
      const [all, found, sources] = await Promise.all([
        coverage({ q: filter.q }, signal), coverage(filter, signal), sourceCoverage(filter, 1, null, signal)]);
      if (mine !== turn) return;
      parts.filters.replaceChildren(...chooser(all.items, filter, change));
      await kernelList(parts.list, filter, found, signal);
      parts.coverage.replaceChildren(coverageMap(found.items), sourcesPanel(sources, signal));
    } catch (error) {
      if (!isAbort(error)) parts.list.replaceChildren(problemCard(problemOf(error)));
    }
  }
  if (query.get('add')) add.show();
  disk(parts.disk, signal);
  await draw();
  place.append(parts.coverage, el('h2', { id: 'kept' }, 'Kept objects'), parts.objects); // below the kernels, once they are there
  await objectList(parts.objects, recount, signal);
  if (query.get('show') === 'objects') document.getElementById('kept').scrollIntoView();
}

function chooser(items, filter, change) {
  const within = (...keys) => items.filter(item => keys.every(key => !filter[key] || item[key] === filter[key]));
  return [choices('Distribution', tally(within('arch'), 'distro'), filter.distro, change('distro')),
    filter.distro ? choices('Version', tally(within('arch', 'distro'), 'version'), filter.version, change('version')) : '',
    choices('Architecture', tally(within('distro', 'version'), 'arch'), filter.arch, change('arch'))].filter(Boolean);
}
