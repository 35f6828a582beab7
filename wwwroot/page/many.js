// One object on many kernels: the map that fills while results arrive, and the groups.
import { isAbort, problemOf } from './api.js';
import { choices } from './choices.js';
import { coverage, tally as counted } from './coverage.js';
import { button, count, el, plural, progress } from './dom.js';
import { chooseObject } from './many-object.js';
import { manyGrid } from './many-grid.js';
import { groupsPanel, kernels } from './many-panel.js';
import { lettered } from './many-groups.js';
import { run } from './many-run.js';
import { object, openRef } from './object.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { toneOf } from './verdict.js';

const filters = ['distro', 'version', 'arch', 'release'];

export async function openMany(place, { query }, signal) {
  const filter = Object.fromEntries(filters.map(name => [name, query.get(name) ?? '']));
  const ref = query.get('object') ?? object()?.ref;
  if (!ref && !object()) return place.replaceChildren(...chooseObject(filter));
  const head = el('div', { className: 'many-head' }, el('h1', { tabIndex: -1 }, 'Opening the object…'));
  const body = el('div', { className: 'many' });
  place.replaceChildren(head, body);
  try {
    const of = ref ? await openRef(ref) : object();
    const [covered, all] = await Promise.all([coverage(filter, signal), coverage({}, signal)]);
    if (signal.aborted) return;
    routes.write('many', { object: of.ref, ...filter });
    ask(of, filter, covered, all, { head, body }, signal);
  } catch (error) {
    if (!isAbort(error)) head.replaceChildren(el('h1', {}, 'Many kernels'), problemCard(problemOf(error)));
  }
}

function ask(of, filter, covered, all, { head, body }, signal) {
  const href = id => routes.link('relocate', { object: of.ref, kernel: id });
  const opened = el('div');
  const grid = manyGrid(covered.items, (title, results) => show(opened, title, results.map(r => r.kernel), href));
  const groups = el('div', { className: 'many-groups' }, el('p', { className: 'empty' }, 'Kernels with the same result are grouped here when all are checked.'));
  const line = el('h1', { tabIndex: -1 }, el('span', { className: 'code' }, of.name), ` on ${plural(covered.kernels, 'kernel')}`);
  const tally = el('div', { className: 'tally', role: 'status' });
  const bar = progress('Kernels checked');
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  const control = button('Cancel', () => stop.abort());
  bar.element.prepend(control);
  head.replaceChildren(line, tally, bar.element, filterRow(of, filter, all.items));
  body.replaceChildren(el('div', { className: 'many-map' }, covered.kernels > 0 ? grid.element : nothing(), opened), groups);
  if (covered.kernels === 0) return bar.element.replaceChildren();

  const tones = { loads: 0, look: 0, broken: 0 };
  const began = performance.now();
  let [done, total, waiting] = [0, covered.kernels, 0];
  const draw = () => {
    waiting = 0;
    grid.draw();
    const left = Math.ceil((performance.now() - began) / Math.max(done, 1) * (total - done) / 1000);
    bar.set(done, total, `${count(done)} of ${plural(total, 'kernel')}${done < total ? `, about ${plural(left, 'second')} left` : ''}`);
    tally.replaceChildren(...tallied(tones));
  };
  run(of, filter, stop.signal, (result, progressed) => {
    tones[toneOf(result)]++;
    grid.add(result);
    ({ done, kernels: total } = progressed);
    waiting ||= setTimeout(draw, 150); // thousands of results may arrive at once
  }).then(answer => {
    finish();
    const named = lettered(answer.groups);
    const at = new Map(named.flatMap(group => group.kernels.map(id => [id, group])));
    grid.letter(id => at.get(id));
    groups.replaceChildren(groupsPanel(named, href));
    bar.element.replaceChildren(el('span', { className: 'hint' }, `All ${plural(done, 'kernel')} checked in ${((performance.now() - began) / 1000).toFixed(1)} s.`));
  }, error => {
    finish();
    if (signal.aborted) return;
    if (isAbort(error)) bar.element.replaceChildren(el('span', { className: 'hint' }, `Cancelled after ${plural(done, 'kernel')}. `), button('Check again', () => ask(of, filter, covered, all, { head, body }, signal)));
    else groups.replaceChildren(problemCard(problemOf(error)));
  });
  function finish() {
    clearTimeout(waiting);
    draw();
    control.remove();
  }
}

const tallied = tones => [['broken', '✕', 'does not load on'], ['look', '!', 'needs a look on'], ['loads', '✓', 'loads on']].map(([kind, shape, text]) =>
  el('span', { className: tones[kind] > 0 ? `tone ${kind}` : 'soft' }, `${shape} ${text} ${count(tones[kind])}`));

// Choices with counts; they ask anew, and known results cost the service nothing.
function filterRow(of, filter, items) {
  const change = name => value => routes.go('many', { object: of.ref, ...filter, ...name === 'distro' ? { version: '' } : {}, [name]: value });
  const within = (...names) => items.filter(item => names.every(name => !filter[name] || item[name] === filter[name]));
  return el('div', { className: 'filters' },
    choices('Distribution', counted(within('arch'), 'distro'), filter.distro, change('distro')),
    filter.distro ? choices('Version', counted(within('arch', 'distro'), 'version'), filter.version, change('version')) : null,
    choices('Architecture', counted(within('distro', 'version'), 'arch'), filter.arch, change('arch')));
}

const nothing = () => el('p', { className: 'empty' }, 'No kernel of the archive matches. ', el('a', { href: '#/archive' }, 'See which there are'), '.');

function show(place, title, ids, href) {
  if (ids.length === 1) { location.hash = href(ids[0]); return; }
  const heading = el('h3', { tabIndex: -1 }, `${title}: ${plural(ids.length, 'kernel')}`);
  place.replaceChildren(el('section', { className: 'panel' }, heading, kernels(ids, href)));
  heading.focus();
}
