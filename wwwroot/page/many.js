// One object on many kernels: the map that fills while results arrive, and the groups.
import { isAbort, problemOf } from './api.js';
import { coverage } from './coverage.js';
import { button, count, el, plural, progress } from './dom.js';
import { filterRow } from './many-filters.js';
import { chooseObject } from './many-object.js';
import { manyGrid } from './many-grid.js';
import { compare } from './many-compare.js';
import { groupsPanel, kernels } from './many-panel.js';
import { lettered } from './many-groups.js';
import { run } from './many-run.js';
import { object, openFile, openRef } from './object.js';
import { objectChip } from './object-chip.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { takesDrops } from './start.js';
import { toneOf } from './verdict.js';

const filters = ['distro', 'version', 'arch', 'release'];

export async function openMany(place, { query }, signal) {
  const filter = Object.fromEntries(filters.map(name => [name, query.get(name) ?? '']));
  const ref = query.get('object') ?? object()?.ref;
  if (!ref && !object()) return place.replaceChildren(...chooseObject(filter));
  const chip = objectChip({ name: object()?.name ?? ref, onFile, href: tag => routes.link('many', { ...filter, object: tag }) });
  const title = el('h1', { tabIndex: -1 }, 'Opening the object…');
  const head = el('div', { className: 'many-head' });
  const body = el('div', { className: 'many' });
  place.replaceChildren(el('div', { className: 'many-what' }, chip.element, title), head, body);
  takesDrops(place, onFile);
  try {
    const of = ref ? await openRef(ref) : object();
    chip.set(of);
    const [covered, all] = await Promise.all([coverage(filter, signal), coverage({}, signal)]);
    if (signal.aborted) return;
    routes.write('many', { object: of.ref, ...filter });
    Object.assign(title, { textContent: `on ${plural(covered.kernels, 'kernel')}`,
      ariaLabel: `${of.name} on ${plural(covered.kernels, 'kernel')}` });
    ask(of, filter, covered, all, { head, body }, signal);
  } catch (error) {
    if (isAbort(error)) return;
    title.textContent = 'No result';
    head.replaceChildren(problemCard(problemOf(error)));
  }

  async function onFile(file) {
    try {
      routes.go('many', { object: (await openFile(file)).ref ?? 'file', ...filter });
    } catch (error) {
      head.replaceChildren(problemCard(problemOf(error)));
    }
  }
}

function ask(of, filter, covered, all, { head, body }, signal) {
  const href = id => routes.link('relocate', { object: of.ref, kernel: id });
  const opened = el('div');
  const grid = manyGrid(covered.items, cell => show(opened, cell, href));
  const waits = 'Kernels with the same result are grouped here once all are checked.';
  const groups = el('div', { className: 'many-groups' }, el('p', { className: 'empty' }, waits));
  const differ = el('div', { className: 'many-compare' });
  const tally = el('div', { className: 'tally', role: 'status' });
  const bar = progress('Kernels checked');
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  const control = button('Cancel', () => stop.abort());
  bar.element.prepend(control);
  head.replaceChildren(tally, bar.element, filterRow(of, filter, all.items));
  body.replaceChildren(el('div', { className: 'many-map' }, covered.kernels > 0 ? grid.element : nothing(), opened), groups, differ);
  if (covered.kernels === 0) return bar.element.replaceChildren();

  const tones = { loads: 0, look: 0, broken: 0 };
  const began = performance.now();
  let [done, total, waiting] = [0, covered.kernels, 0];
  const draw = () => {
    waiting = 0;
    grid.draw();
    const left = (performance.now() - began) / Math.max(done, 1) * (total - done) / 1000;
    bar.set(done, total, `${count(done)} of ${plural(total, 'kernel')}${done < total ? `, about ${duration(left)} left` : ''}`);
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
    if (named.length > 1) differ.replaceChildren(compare(named));
    const seconds = Math.max((performance.now() - began) / 1000, 0.1).toFixed(1);
    bar.element.replaceChildren(el('span', { className: 'hint' }, `All ${plural(done, 'kernel')} checked in ${seconds} s.`));
  }, error => {
    finish();
    if (signal.aborted) return;
    const again = () => ask(of, filter, covered, all, { head, body }, signal);
    if (isAbort(error)) bar.element.replaceChildren(el('span', { className: 'hint' }, `Cancelled after ${plural(done, 'kernel')}. `),
      button('Check again', again));
    else groups.replaceChildren(problemCard(problemOf(error)));
  });
  function finish() {
    clearTimeout(waiting);
    draw();
    control.remove();
  }
}

const duration = seconds => seconds < 90 ? plural(Math.ceil(seconds), 'second') : plural(Math.round(seconds / 60), 'minute');

const tallied = tones => [
  ['broken', '✕', 'does not load', 'do not load'], ['look', '!', 'needs a look', 'need a look'], ['loads', '✓', 'loads', 'load'],
].map(([kind, shape, one, more]) =>
  el('span', { className: tones[kind] > 0 ? `tone ${kind}` : 'soft' }, `${shape} ${plural(tones[kind], one, more)}`));

const nothing = () => el('p', { className: 'empty' }, 'No kernel in the archive matches. ',
  el('a', { href: '#/archive' }, 'See which kernels are here'), '.');

function show(place, { title, results }, href) {
  const ids = results.map(result => result.kernel);
  if (ids.length === 0) return;
  if (ids.length === 1) { location.hash = href(ids[0]); return; }
  const heading = el('h3', { tabIndex: -1 }, `${title}: ${plural(ids.length, 'kernel')}`);
  place.replaceChildren(el('section', { className: 'panel' }, heading, kernels(ids, href)));
  heading.focus();
}
