// One object on one kernel. The bar with the verdict is there at once and keeps its place; everything else follows below it.
import { isAbort, json, problemOf } from './api.js';
import { el } from './dom.js';
import { isKept, object, openFile, openRef, relocation } from './object.js';
import { problemCard } from './problem.js';
import { reportBar } from './report-bar.js';
import { causes } from './report-cause.js';
import { codeOf } from './report-code.js';
import { needs } from './report-needs.js';
import { whatMoved } from './report-moved.js';
import * as routes from './routes.js';
import { takesDrops } from './start.js';
import { verdictOf } from './verdict.js';

const narrowing = ['distro', 'version', 'arch'];
const shown = ['filter', 'code']; // parameters of the code below

export async function openReport(place, { query }, signal) {
  const asked = Object.fromEntries(['kernel', ...narrowing].map(name => [name, query.get(name)]).filter(([, value]) => value));
  const ref = query.get('object') ?? object()?.ref;
  const bar = reportBar({ kernel: asked.kernel ?? '', name: object()?.name ?? ref ?? 'object', onFile, onKernel });
  const body = el('div', { className: 'loading' });
  place.replaceChildren(bar.element, body);
  takesDrops(place, onFile);
  try {
    const of = ref ? await openRef(ref) : object();
    if (signal.aborted) return;
    bar.setObject(of);
    if (!asked.kernel) return body.replaceChildren(bar.askForKernel());
    bar.says('same', '…', 'Relocating');
    const { path, ...request } = relocation(of, asked);
    const report = await json(path, { ...request, signal });
    const now = await isKept(of, report.object.sha256);
    if (signal.aborted) return;
    await show(report, now);
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    bar.says('broken', '!', 'No result');
    body.className = '';
    body.replaceChildren(problemCard(problemOf(error), { onKernel }));
  }

  async function show(report, of) {
    // The id contains all that narrows it; a digest stays a digest.
    const kernel = asked.kernel.startsWith('sha256:') ? asked.kernel : report.kernel.id;
    const remember = more => routes.write('relocate', { object: of.ref, kernel,
      ...Object.fromEntries(shown.map(name => [name, query.get(name)])), ...more });
    remember();
    document.title = `${of.name} on ${report.kernel.release} · Relo`;
    bar.setObject(of);
    bar.setReport(report, of, verdictOf(report));
    body.className = '';
    body.replaceChildren(...assumptions(report), ...causes(report), ...needs(report));
    const code = codeOf(report, query, remember, signal);
    body.append(...await whatMoved(report, signal), ...code);
  }

  async function onFile(file) {
    try {
      routes.go('relocate', { object: (await openFile(file)).ref ?? 'file', kernel: asked.kernel });
    } catch (error) {
      body.replaceChildren(problemCard(problemOf(error)));
    }
  }

  function onKernel(kernel) {
    routes.go('relocate', { object: object()?.ref ?? ref, ...typeof kernel === 'string' ? { kernel } : kernel });
  }
}

const assumptions = report => report.assumes.length === 0 ? []
  : [el('p', { className: 'hint' }, 'The verdict assumes ',
    report.assumes.flatMap((text, i) => [i ? ', ' : '', el('code', {}, text)]), '.')];
