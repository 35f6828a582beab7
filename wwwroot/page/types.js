// Types: search, one type on one kernel, its history, its difference between two kernels.
import { isAbort, json, problemOf } from './api.js';
import { el, whenIdle } from './dom.js';
import { flat } from './moved-rows.js';
import { newestKernel } from './newest-kernel.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { elsewhere } from './type-elsewhere.js';
import { typeForm } from './type-form.js';
import { oneType } from './type-page.js';
import { searchResults } from './type-search.js';

let last = ''; // the kernel that was looked at: the next type is most likely wanted for it too

export async function openTypes(place, { rest, query }, signal) {
  const state = { name: rest };
  for (const name of ['kernel', 'q', 'kind', 'field', 'with', 'show', 'in']) state[name] = query.get(name) ?? '';
  const keep = ({ kernel, kind, field, with: other, show }) => ({ kernel, kind, field, with: other, show });
  const go = other => routes.go('types', keep({ ...state, with: other }), state.name);
  const results = el('div', { className: 'type-results' });
  const form = typeForm(state.q, state.kernel, { onFind: () => tried(find), onKernel: kernel => switchTo({ kernel }) });
  place.replaceChildren(form.element, results);
  form.search.addEventListener('input', whenIdle(() => tried(async () => { await chosen; list(form.text()); }), 250, signal));

  // Somebody may type before the newest kernel is known.
  const chosen = (async () => {
    state.kernel ||= last || await newestKernel(signal);
    last = state.kernel;
    form.show(state.kernel);
  })();

  // What is typed is looked for at once; Enter goes to the type of exactly this name, or to its field.
  async function find() {
    await chosen;
    if (form.kernel().kernel !== state.kernel) return switchTo(form.kernel());
    if (!state.kernel) return;
    const [name, field] = typeAndField(form.text());
    const exact = name && await named(name);
    if (exact && (!field || has(exact.type, field))) routes.go('types', { kernel: state.kernel, field }, name);
    else list(form.text());
  }

  const named = name => json(`v1/types/${encodeURIComponent(name)}`, { query: { kernel: state.kernel }, signal }).catch(error => {
    if (![400, 404].includes(problemOf(error).status)) throw error; // no name of a type: what it is a part of is listed
    return null;
  });

  function switchTo(kernel) {
    routes.go('types', { ...keep(state), ...kernel, q: state.name ? '' : form.text(), in: '' }, state.name);
  }

  function list(q, where = state.in) {
    state.in = where;
    if (!q) return results.replaceChildren(start(state.kernel));
    routes.write('types', { kernel: state.kernel, q, in: where });
    searchResults(results, { q: typeAndField(q)[0], kernel: state.kernel, where, onWhere: other => list(q, other) }, signal);
  }

  await tried(async () => {
    await chosen;
    if (!state.kernel) return results.replaceChildren(noKernel());
    if (state.name) await oneType(results, state, go, signal);
    else list(form.text());
  });

  async function tried(action) {
    try {
      await action();
    } catch (error) {
      if (isAbort(error)) return;
      const problem = problemOf(error);
      results.replaceChildren(problemCard(problem, { onKernel: kernel => switchTo({ kernel }) }));
      if (problem.code === 'type-not-found') results.append(await elsewhere(state, signal));
    }
  }
}

// sk_buff.head, sk_buff->head, bpf_cmd::BPF_PROG_LOAD
const typeAndField = text => /^(\w+)(?:\.|->|::)(\w*)$/.exec(text)?.slice(1) ?? [text, ''];
const has = (type, name) => [...flat(type.members ?? []), ...type.enumerators ?? []].some(part => part.name === name);

const noKernel = () => el('p', { className: 'empty' }, 'The archive has no kernel yet. ',
  el('a', { href: routes.link('archive', { add: 1 }) }, 'Add one'), '.');

const known = ['task_struct', 'sk_buff', 'sock', 'file', 'cred', 'mm_struct'];
const start = kernel => el('div', { className: 'empty' }, el('p', {},
  'Every type of a kernel, with offsets, sizes and holes. For example:'),
  el('p', { className: 'row' }, known.map(name =>
    el('a', { className: 'button small code', href: routes.link('types', { kernel }, name) }, name))));
