// The view of one object and one kernel.
import { isAbort, json, problemOf } from './api.js';
import { $, el } from './dom.js';
import { closeSuggestions, kernel, setKernel, startKernel } from './kernel.js';
import { object, objectIsKept, onObject, openRef, sampleRef } from './object.js';
import { problemCard } from './problem.js';
import { report } from './report.js';
import * as state from './state.js';

const sampleKernel = 'sample/1/x86_64/5.11.0-syscall-work';
const tableState = ['filter', 'outcome', 'sort'];
let asking = null;

export function startRelocate() {
  startKernel();
  $('relocate-form').addEventListener('submit', event => {
    event.preventDefault();
    closeSuggestions();
    run();
  });
  onObject(given => {
    if (state.read().view !== 'relocate') return;
    clear();
    if (given?.ref === sampleRef && !$('kernel').value) setKernel({ kernel: sampleKernel });
    if (given) remember();
  });
}

/** Shows what the address says. */
export async function openRelocate(query) {
  const asked = Object.fromEntries(query);
  if (asked.kernel) setKernel(asked);
  const ref = asked.object;
  if (ref) await openRef(ref);
  else if (object()) remember();
  if (ref && asked.kernel && object() && state.read().query.get('object') === ref) await run(asked);
}

const remember = more => state.write('relocate', { object: object()?.ref, ...kernel(), ...more });

function clear() {
  asking?.abort();
  $('relocate-status').replaceChildren();
  $('report').replaceChildren();
}

const fail = problem => $('relocate-status').replaceChildren(el('div', { className: 'card' }, problemCard(problem, { onKernel: id => { setKernel({ kernel: id }); run(); } })));

async function run(shown = {}) {
  clear();
  if (!object()) return fail({ title: 'There is no object yet', detail: 'Choose a file, drop one, or take the sample.' });
  if (!kernel().kernel) return fail({ title: 'Which kernel?', detail: 'Type its release, its id, or the text of uname -a.' });
  const mine = asking = new AbortController();
  const [of, query] = [object(), kernel()];
  $('go').disabled = true;
  $('relocate-status').replaceChildren(el('p', { className: 'hint' }, 'Relocating…'));
  try {
    const answer = await json('v1/relocations', { method: 'POST', query: { ...query, name: of.name }, body: of.file, signal: mine.signal });
    if (asking !== mine) return;
    await objectIsKept(answer.object.sha256);
    // The id contains all narrowing parameters; a digest stays a digest.
    if (!query.kernel.startsWith('sha256:')) setKernel({ kernel: answer.kernel.id });
    const kept = Object.fromEntries(tableState.map(name => [name, shown[name]]));
    remember(kept);
    $('relocate-status').replaceChildren();
    $('report').replaceChildren(...report(answer, object(), kernel(), kept));
    $('report').querySelector('h2').focus({ preventScroll: Object.keys(shown).length > 0 });
  } catch (error) {
    if (isAbort(error)) return;
    remember();
    fail(problemOf(error));
  } finally {
    if (asking === mine) $('go').disabled = false;
  }
}
