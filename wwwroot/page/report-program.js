// One program: its hunks, or all of its instructions.
import { json } from './api.js';
import { button, count, el, plural, tone } from './dom.js';
import { hunksOf, linesOf, whole } from './hunks.js';
import { long } from './long.js';
import { object, relocation } from './object.js';
import { problemCard } from './problem.js';
import { line } from './report-cause.js';
import { instruction } from './report-instruction.js';

export function programPanel(program, report, state, open, signal) {
  const body = el('div', { className: 'hunks' });
  const isOpen = open && (program.changed + program.reached + program.guarded > 0 || state.filter !== '');
  const details = el('details', { className: 'panel fold program', open: isOpen, ontoggle: () => fill() },
    el('summary', {}, el('h3', { className: 'code' }, program.name),
      program.section !== program.name ? el('span', { className: 'hint code clip' }, program.section) : '', counts(program)), body);
  let filled = false;
  function fill() {
    if (!details.open || filled) return;
    filled = true;
    if (state.all) return wholeProgram(program, report, body, signal);
    const shown = program.records.filter(r => r.outcome !== 'unchanged' || state.filter !== '');
    const all = () => wholeProgram(program, report, body, signal);
    const hunks = hunksOf(linesOf(shown));
    long(hunks, (hunk, i) => [between(hunks[i - 1], hunk, all), hunkOf(hunk, report.kernel.id)], body);
    if (shown.length < program.records.length) body.append(unchanged(program, program.records.length - shown.length, report));
  }
  fill();
  return details;
}

const counts = program => el('span', { className: 'counts' },
  program.reached > 0 ? tone('broken', `${count(program.reached)} broken `) : '',
  program.changed > 0 ? el('span', {}, `${count(program.changed)} changed`) : program.reached + program.guarded === 0
    ? el('span', { className: 'soft' }, 'unchanged') : '',
  program.guarded > 0 ? el('span', { className: 'soft' }, ` ${count(program.guarded)} guarded`) : '');

function unchanged(program, same, report) {
  const details = el('details', { className: 'unchanged', ontoggle: () => {
    if (!details.open || details.childElementCount > 1) return;
    const body = el('div');
    details.append(body);
    long(hunksOf(linesOf(program.records.filter(r => r.outcome === 'unchanged'))), hunk => hunkOf(hunk, report.kernel.id), body);
  } }, el('summary', {}, `… ${plural(same, 'relocation')} that changed nothing`));
  return details;
}

// The instructions between the records come on demand: they are most of an object.
async function wholeProgram(program, report, body, signal) {
  body.replaceChildren(el('p', { className: 'hint hunk-note' }, 'Fetching the program…'));
  try {
    report.disassembly ??= json(...request(report, signal)).then(answer =>
      new Map(answer.object.programs.map(p => [p.name, p.disassembly])));
    const lines = whole((await report.disassembly).get(program.name) ?? [], program.records);
    body.replaceChildren();
    long(hunksOf(lines), hunk => hunkOf(hunk, report.kernel.id), body);
  } catch (error) {
    report.disassembly = null;
    body.replaceChildren(problemCard(error.problem ?? { title: 'The program could not be fetched', detail: String(error) }));
  }
}

function request(report, signal) {
  const { path, ...rest } = relocation(object(), { kernel: report.kernel.btf, include: 'disassembly', fields: 'object' });
  return [path, { ...rest, signal }];
}

// The instructions between two hunks.
function between(before, hunk, all) {
  const n = before ? hunk.lines[0].instruction - before.lines.at(-1).instruction - 1 : 0;
  return n > 0 ? [button(`⋮ ${plural(n, 'instruction')}`, all, 'between')] : [];
}

const hunkOf = (hunk, kernel) => el('div', { className: 'hunk' }, hunk.source ? line(hunk.source) : null,
  hunk.lines.flatMap(item => instruction(item, kernel)));
