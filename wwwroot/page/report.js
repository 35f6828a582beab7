// The report of a relocation: the verdict, downloads, changed fields, every record.
import { isAbort, problemOf, send } from './api.js';
import { findings, needs } from './checks.js';
import { copyable, shellWord } from './copy.js';
import { button, code, count, el, shortDigest } from './dom.js';
import { fieldChanges } from './fields.js';
import { layouts } from './layout.js';
import { problemCard } from './problem.js';
import { relocations } from './relocations.js';
import { save } from './save.js';
import { table } from './table.js';

const means = {
  ok: 'Every access exists on this kernel.',
  guarded: 'Some accesses do not exist on this kernel, and the code checks before it uses them.',
  broken: 'A program reaches an access that does not exist on this kernel: the verifier will reject it.',
};

const forms = {
  object: { title: 'Patched object', accept: 'application/octet-stream', file: name => name },
  report: { title: 'Report as JSON', accept: 'application/json', file: name => `${name}.report.json` },
  zip: { title: 'Both as zip', accept: 'application/zip', file: name => `${name.replace(/\.o$/, '')}.zip` },
};

/** The report as elements. */
export function report(answer, object, kernel, shown) {
  const { summary, verdict } = answer;
  return [
    el('section', { className: `card verdict ${verdict}` },
      el('h2', { tabIndex: -1 }, el('span', { className: 'badge' }, verdict), ' ', means[verdict] ?? ''),
      ...findings(answer.checks),
      ...answer.warnings.filter(w => w.code === 'architecture-mismatch').map(w => el('p', {}, el('strong', {}, w.message))),
      ...answer.assumes.length ? [el('p', { className: 'hint' }, 'This holds for ', ...answer.assumes.flatMap((text, i) => [i ? ', ' : '', code(text)]), '.')] : [],
      el('ul', { className: 'facts' },
        ...[[summary.relocations, 'relocations'], [summary.changed, 'changed'], [summary.unchanged, 'unchanged'], [summary.poisoned, 'poisoned'],
          [summary.poisonedReachable, 'of them reachable'], [summary.fieldsMoved, 'fields moved'],
          [summary.absent, 'needs absent']].map(([n, what]) => el('li', {}, el('b', {}, count(n)), ` ${what}`)),
        el('li', {}, 'for ', code(answer.kernel.id))),
      downloads(answer, object, kernel),
      command(object, kernel)),
    ...needs(answer.checks),
    ...fieldChanges(answer.fieldChanges),
    ...layouts(answer, object.document),
    ...warnings(answer.warnings),
    ...relocations(answer.relocations, shown),
  ];
}

function downloads(answer, object, kernel) {
  const status = el('div', { role: 'status' });
  const take = async form => {
    status.replaceChildren();
    try {
      await save(await send('v1/relocations', { method: 'POST', query: { ...kernel, name: object.name }, body: object.file, accept: form.accept }), form.file(object.name));
    } catch (error) {
      if (!isAbort(error)) status.replaceChildren(problemCard(problemOf(error)));
    }
  };
  return el('div', {},
    el('div', { className: 'row downloads' },
      Object.entries(forms).map(([id, form]) => button(form.title, () => take(form), id === 'object' ? '' : 'quiet')),
      el('span', { className: 'hint' }, 'patched: sha256 ', el('code', { title: answer.patched.sha256 }, `${shortDigest(answer.patched.sha256)}…`))),
    status);
}

// The same request as a shell command, for the chosen media type.
function command(object, kernel) {
  const place = el('div');
  const show = id => {
    const form = forms[id];
    const query = new URLSearchParams(Object.entries({ ...kernel, name: object.name }).filter(([, value]) => value)).toString().replaceAll('%2F', '/');
    const lines = [
      `curl -fsS --data-binary @${shellWord(object.name)}`,
      ...id === 'report' ? [] : [`-H 'Accept: ${form.accept}'`],
      `-o ${shellWord(id === 'object' ? `patched-${object.name}` : form.file(object.name))}`,
      shellWord(`${new URL('v1/relocations', document.baseURI)}?${query}`),
    ];
    place.replaceChildren(copyable(lines.join(' \\\n  '), 'curl command'));
  };
  show('object');
  return el('details', { className: 'command', open: true }, el('summary', {}, 'The same request with curl'),
    el('label', {}, 'Response ', el('select', { onchange: event => show(event.target.value) }, Object.entries(forms).map(([id, form]) => el('option', { value: id }, form.title)))),
    place);
}

function warnings(list) {
  if (list.length === 0) return [];
  return [el('section', { className: 'card' }, el('h2', {}, 'Warnings'), table({
    label: 'Warnings', rows: list, page: 20, columns: [
      { title: 'About', of: w => w.code, className: 'code' },
      { title: 'What', of: w => w.message, className: 'wraps' },
      { title: 'Program', of: w => w.program, className: 'code' },
      { title: 'Record', of: w => w.relocation, className: 'number' },
    ],
  }))];
}
