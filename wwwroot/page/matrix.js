// The view of one object and many kernels.
import { ApiProblem, isAbort, lines, problemOf, send } from './api.js';
import { $, button, code, count, el, plural, progress } from './dom.js';
import { findings, isLacking } from './checks.js';
import { source } from './contents.js';
import { heatMap, legend, signs, square, verdicts } from './heat.js';
import { object, onObject, openRef } from './object.js';
import { problemCard } from './problem.js';
import * as state from './state.js';

const filters = ['distro', 'version', 'arch', 'release'];
const shownSquares = 500;
let running = null;

const filter = () => Object.fromEntries(filters.map(name => [name, $('matrix-form').elements[name].value.trim()]));
const href = result => state.link('relocate', { object: object()?.ref, kernel: result.id });

export function startMatrix() {
  $('matrix-form').addEventListener('submit', event => {
    event.preventDefault();
    run();
  });
  $('m-cancel').addEventListener('click', () => running?.abort());
  onObject(() => {
    if (state.read().view !== 'matrix') return;
    clear();
    remember();
  });
}

/** Shows what the address says; with run=1 it asks at once. */
export async function openMatrix(query) {
  for (const name of filters) if (query.has(name)) $('matrix-form').elements[name].value = query.get(name);
  const ref = query.get('object');
  if (ref) await openRef(ref);
  if (query.get('run') && object() && state.read().view === 'matrix' && !running && $('m-heat').childElementCount === 0) return run();
  if (state.read().view === 'matrix') remember({ run: query.get('run') });
}

const remember = more => state.write('matrix', { object: object()?.ref, ...filter(), ...more });

function clear() {
  running?.abort();
  for (const id of ['m-progress', 'm-status', 'm-heat', 'm-cell', 'm-groups']) $(id).replaceChildren();
}

async function run() {
  clear();
  if (!object()) return fail({ title: 'There is no object yet', detail: 'Choose a file, drop one, or take the sample.' });
  remember({ run: 1 });
  const mine = running = new AbortController();
  const bar = progress('Kernels checked');
  const tally = Object.fromEntries(verdicts.map(v => [v, 0]));
  let [done, total] = [0, 0];
  // With the map, so that all three agree.
  const onDraw = () => {
    if (running !== mine) return;
    bar.set(done, total, total > 0 ? `${count(done)} of ${plural(total, 'kernel')}` : plural(done, 'kernel'));
    if (done > 0) $('m-status').replaceChildren(legend(tally));
  };
  const map = heatMap({ href, onCell: showCell, onDraw });
  busy(true);
  $('m-progress').replaceChildren(bar.element);
  $('m-heat').replaceChildren(map.element);
  try {
    const answer = await send('v1/compatibility', { method: 'POST', query: { ...filter(), name: object().name }, body: object().file, accept: 'application/x-ndjson', signal: mine.signal });
    let whole = null; // the last line; without it the response is incomplete
    for await (const line of lines(answer)) {
      mine.signal.throwIfAborted();
      if (line.groups) { whole = line; break; }
      tally[line.verdict]++;
      map.add({ id: line.kernel, verdict: line.verdict });
      ({ done, kernels: total } = line.progress);
    }
    if (!whole) throw new ApiProblem({ title: 'The response ended early', detail: `The service stopped after ${plural(done, 'kernel')}.` });
    map.draw();
    groups(whole.groups);
    $('m-progress').replaceChildren(el('p', {}, `All ${plural(done, 'kernel')} checked.`));
  } catch (error) {
    if (running !== mine) return;
    map.draw();
    if (isAbort(error)) $('m-progress').replaceChildren(el('p', {}, `Cancelled after ${plural(done, 'kernel')}.`));
    else fail(problemOf(error));
  } finally {
    if (running === mine) {
      if (done === 0) $('m-heat').replaceChildren();
      running = null;
      busy(false);
    }
  }
}

function busy(is) {
  $('m-go').disabled = is;
  $('m-cancel').hidden = !is;
}

const fail = problem => {
  $('m-progress').replaceChildren();
  $('m-status').replaceChildren(el('div', { className: 'card' }, problemCard(problem)));
};

// A cell of the map with more kernels than fit into it.
function showCell(title, results) {
  const list = el('div', { className: 'squares wide' });
  const more = el('div', { className: 'row more' });
  const sorted = results.toSorted((a, b) => verdicts.indexOf(b.verdict) - verdicts.indexOf(a.verdict) || a.id.localeCompare(b.id, 'en', { numeric: true }));
  let shown = 0;
  const draw = () => {
    list.append(...sorted.slice(shown, shown + shownSquares).map(r => el('span', { className: 'release' }, square(r, href), el('a', { href: href(r) }, r.id.split('/').slice(2).join(' ')))));
    shown += shownSquares;
    more.replaceChildren(...sorted.length > shown ? [button(`Show more of ${count(sorted.length - shown)}`, draw)] : []);
  };
  draw();
  const heading = el('h2', { tabIndex: -1 }, `${title}: ${plural(results.length, 'kernel')}`);
  $('m-cell').replaceChildren(el('section', { className: 'card' }, heading, list, more));
  heading.focus();
}

function why(group) {
  if (group.failure) return ` · ${group.failure.code}`;
  return (registers(group).length > 0 ? ' · compiled for another architecture' : '')
    + (others(group).length > 0 ? ` · ${plural(others(group).length, 'access does', 'accesses do')} not exist` : '')
    + (group.checks.some(isLacking) ? ` · ${plural(group.checks.filter(isLacking).length, 'need')} not met` : '')
    + (group.fieldChanges.length > 0 ? ` · ${plural(group.fieldChanges.length, 'field')} changed` : ' · nothing moved');
}

// An object for another architecture lacks all its registers for one reason: one line explains it.
const registers = group => group.missing.filter(m => m.reason === 'architecture-mismatch');
const others = group => group.missing.filter(m => m.reason !== 'architecture-mismatch');

// Kernels with the same result: the worst first.
function groups(list) {
  $('m-groups').replaceChildren(el('section', { className: 'card' }, el('h2', {}, plural(list.length, 'different result')), list.map(group => el('details', { className: 'group' },
    el('summary', {}, el('span', { className: `square ${group.verdict}`, ariaHidden: 'true' }, signs[group.verdict]), ` ${group.verdict} on ${plural(group.kernels.length, 'kernel')}`,
      el('span', { className: 'hint' }, why(group))),
    group.failure ? el('p', { className: 'code' }, group.failure.detail) : null,
    ...findings(group.checks),
    registers(group).length > 0 ? el('p', {}, `The object is compiled for another architecture: ${plural(registers(group).length, 'access', 'accesses')} to its registers, such as `, code(registers(group)[0].local), '.') : null,
    others(group).length > 0 ? el('ul', {}, others(group).map(m => el('li', {}, code(m.local), ` ${m.reason}`, m.program ? [' in ', code(m.program)] : '', m.source ? el('div', { className: 'code soft' }, source(m.source)) : ''))) : null,
    el('p', {}, group.kernels.slice(0, 50).map(id => [el('a', { href: href({ id }) }, id), ' ']), group.kernels.length > 50 ? `and ${count(group.kernels.length - 50)} more` : '')))));
}
