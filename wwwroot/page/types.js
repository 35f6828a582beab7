// Types: search, one type on one kernel, its history, its difference between two kernels.
import { isAbort, json, problemOf } from './api.js';
import { button, el, whenIdle } from './dom.js';
import { kernelBox } from './kernel-box.js';
import { newestKernel } from './newest-kernel.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { oneType } from './type-page.js';
import { searchResults } from './type-search.js';

let last = ''; // the kernel that was looked at: the next type is most likely wanted for it too

export async function openTypes(place, { rest, query }, signal) {
  const state = { name: rest, kernel: query.get('kernel') ?? '', q: query.get('q') ?? '', kind: query.get('kind') ?? '', field: query.get('field') ?? '', with: query.get('with') ?? '', show: query.get('show') ?? '' };
  const go = other => routes.go('types', { kernel: state.kernel, kind: state.kind, field: state.field, with: other }, state.name);
  const search = el('input', { type: 'search', id: 'type-q', value: state.q, placeholder: 'task_struct, sk_buff, tcp_v4_connect …', autocomplete: 'off', spellcheck: false });
  const box = kernelBox({ label: 'On kernel', value: state.kernel, onChosen: kernel => switchTo({ kernel }) });
  const results = el('div', { className: 'type-results' });
  const form = el('form', { className: 'type-form', onsubmit: event => { event.preventDefault(); box.close(); find(); } },
    el('div', {}, el('label', { htmlFor: search.id }, 'Find a type, field, function or enumerator'), el('div', { className: 'row nowrap' }, search, button('Find', () => {}, '')), el('p', { className: 'hint' }, 'Enter opens a type of exactly this name. Upper and lower case differ, as in C.')),
    box.element);
  form.querySelector('button').type = 'submit';
  place.replaceChildren(form, results);
  const later = whenIdle(() => list(search.value.trim()), 250);
  search.addEventListener('input', later);

  // What is typed is looked for at once; Enter goes to the type of exactly this name.
  async function find() {
    if (box.query().kernel !== state.kernel) return switchTo(box.query());
    const name = search.value.trim();
    const exact = name && await json(`v1/types/${encodeURIComponent(name)}`, { query: { kernel: state.kernel }, signal }).catch(() => null);
    if (exact) routes.go('types', { kernel: state.kernel }, name);
    else list(name);
  }

  function switchTo(kernel) {
    routes.go('types', { ...kernel, q: state.name ? '' : search.value.trim(), kind: state.kind, field: state.field, with: state.with, show: state.show }, state.name);
  }

  function list(q) {
    if (!q) return results.replaceChildren(start(state.kernel));
    routes.write('types', { kernel: state.kernel, q });
    searchResults(results, q, state.kernel, signal);
  }

  try {
    state.kernel ||= last || await newestKernel(signal);
    last = state.kernel;
    if (!box.input.value) box.set(state.kernel);
    if (!state.kernel) return results.replaceChildren(el('p', { className: 'empty' }, 'The archive has no kernel yet. ', el('a', { href: routes.link('archive', { add: 1 }) }, 'Add one'), '.'));
    if (state.name) await oneType(results, state, go, signal);
    else list(state.q);
  } catch (error) {
    if (!isAbort(error)) results.replaceChildren(problemCard(problemOf(error), { onKernel: kernel => switchTo({ kernel }) }));
  }
}

const known = ['task_struct', 'sk_buff', 'sock', 'file', 'cred', 'mm_struct'];
const start = kernel => el('div', { className: 'empty' }, el('p', {}, 'Every type of a kernel, with offsets, sizes and holes. For example:'),
  el('p', {}, known.map((name, i) => [i ? ', ' : '', el('a', { className: 'code', href: routes.link('types', { kernel }, name) }, name)])));
