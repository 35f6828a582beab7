// Shows a problem of the service: what happened, where, and the way to what helps.
import { askForKey } from './access.js';
import { json } from './api.js';
import { button, code, el } from './dom.js';
import { link } from './routes.js';

const place = problem => problem.section === undefined ? null
  : el('p', {}, 'Where: ', code(problem.section), problem.offset === undefined || problem.offset === null ? ''
    : [' at byte ', code(`0x${problem.offset.toString(16)}`), ` (${problem.offset})`]);

function record(problem) {
  const r = problem.relocation;
  if (typeof r !== 'object' || r === null) return null;
  return el('p', {}, `Relocation ${r.index}`, r.program ? [' of program ', code(r.program)] : '', `, instruction ${r.instruction} of `,
    code(r.section), r.local ? [': ', code(r.local)] : '');
}

const proof = near => !near.proof ? '' : near.proof.failure ? ` · the object cannot be relocated there: ${near.proof.failure}`
  : ` · the object is ${near.proof.verdict} there${near.proof.sameResultAs.length > 0 ? ', and the same bytes on both neighbours' : ''}`;

function others(problem, onKernel) {
  const offers = problem.nearest?.map(n => [n.kernel.id, n.why + proof(n)]) ?? problem.candidates?.map(k => [k.id,
    `BTF ${k.btf.slice(7, 19)}…`]);
  if (!offers?.length) return null;
  return [
    el('p', {}, problem.nearest ? 'The nearest kernels in the archive:' : 'Kernels that match:'),
    el('ul', { className: 'offers' }, offers.map(([id, why]) =>
      el('li', {}, onKernel ? button(id, () => onKernel(id), 'link code') : code(id), ' ', el('span', { className: 'hint' }, why)))),
  ];
}

// What a user of the page does about it, where another view does it; the service's own advice speaks to users of curl.
const remedies = {
  'kernel-not-found': () => [el('a', { href: link('archive', { add: 1 }) }, 'Add this kernel'),
    ': drop its BTF, vmlinux, or package there. Or ', el('a', { href: link('archive') }, 'see which kernels are here'), '.'],
  'kernel-ambiguous': () => 'Choose one of them.',
  'object-not-found': () => [el('a', { href: '#/' }, 'Choose the file again'), ', or ',
    el('a', { href: link('archive', { show: 'objects' }) }, 'see which objects are kept'), '.'],
  'type-not-found': () => [el('a', { href: link('types') }, 'Search the types of a kernel'), '.'],
  'invalid-kernel': () => 'Paste the output of uname -r or uname -a, or choose a kernel from the list.',
  'kernel-conflict': () => 'Check which of the two is right. “Replace it” replaces the stored BTF with the uploaded one.',
  'already-relocated': () => 'Choose the original object, as the compiler wrote it.',
};

// The service speaks to users of curl, and begins with a word of a sentence or with a name; a word is written large here.
function detailOf({ code: problemCode, detail = '' }) {
  if (problemCode === 'key-required') return 'This service requires a key for this.';
  const text = detail.replace(/; replace=true replaces it$/, '');
  return /^(a|an|the|no|this|there|it)\b/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
}

/** Whether another key would help. */
export const isOfKey = problem => ['key-required', 'key-refused', 'scope-missing'].includes(problem?.code);

/** The problem, with what helps. */
export function problemCard(problem, { onKernel } = {}) {
  const remedy = el('p', { className: 'remedy' });
  if (remedies[problem.code]) remedy.append(...[remedies[problem.code]()].flat());
  else if (problem.code && !isOfKey(problem)) explain(problem.code, remedy);
  return el('div', { className: 'note problem', role: 'alert' },
    el('strong', {}, problem.title ?? 'Something went wrong'),
    el('p', {}, detailOf(problem)),
    place(problem), record(problem), others(problem, onKernel), remedy,
    isOfKey(problem) ? el('p', {}, button('Enter a key', event => { event.stopPropagation(); askForKey(); })) : null,
    problem.explanation?.length ? el('details', {}, el('summary', {}, 'How the kernel was looked for'),
      el('ol', { className: 'steps' }, problem.explanation.map(step => el('li', {}, step)))) : null,
    problem.code ? el('p', { className: 'hint' }, 'More on ', el('a', { href: `problems/${problem.code}` }, code(problem.code)),
      problem.traceId ? [' · trace ', code(problem.traceId)] : '') : null);
}

// The service's advice. It is optional: a problem is shown without it too.
async function explain(problemCode, element) {
  const kind = await json(`problems/${encodeURIComponent(problemCode)}`).catch(() => null);
  if (kind) element.textContent = kind.remedy;
}
