// The code, per program, as hunks of a diff under their line of C.
import { json } from './api.js';
import { button, code, count, el, plural, tone, whenIdle } from './dom.js';
import { compare } from './instructions.js';
import { hunksOf, linesOf, programsOf, whole } from './hunks.js';
import { long } from './long.js';
import { object, relocation } from './object.js';
import { problemCard } from './problem.js';
import { access, bare, words } from './records.js';
import { line } from './report-cause.js';
import { link } from './routes.js';

const openAtOnce = 60, openProgramsAtOnce = 12; // records, programs; beyond that, programs are opened by hand

export function codeOf(report, query, onFilter, signal) {
  if (report.relocations.length === 0) return [];
  const programs = programsOf(report);
  const place = el('div', { className: 'programs' });
  const state = { filter: query.get('filter') ?? '', all: query.get('code') === 'all' };
  const note = el('span', { className: 'hint', role: 'status' });
  const draw = () => {
    const wordsOf = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = programs.map(program => ({ ...program, records: program.records.filter(r => wordsOf.every(w => text(r).includes(w))) })).filter(p => p.records.length > 0);
    const records = shown.reduce((sum, p) => sum + p.records.length, 0);
    note.textContent = wordsOf.length ? `${count(records)} of ${plural(report.relocations.length, 'record')}` : '';
    place.replaceChildren(...shown.map(program => programPanel(program, report, state, (records <= openAtOnce && shown.length <= openProgramsAtOnce) || wordsOf.length > 0, signal)));
    onFilter({ filter: state.filter, code: state.all ? 'all' : '' });
  };
  const choice = (title, all) => el('button', { type: 'button', className: 'choice', ariaPressed: String(state.all === all), onclick: event => {
    state.all = all;
    for (const other of event.target.parentElement.querySelectorAll('.choice')) other.ariaPressed = String(other === event.target);
    draw();
  } }, title);
  draw();
  return [el('section', { ariaLabel: 'Code' }, el('h2', {}, 'Code'),
    el('div', { className: 'row code-tools' },
      el('div', { className: 'choices', role: 'group', ariaLabel: 'How much code' }, choice('What changed', false), choice('Whole program', true), note),
      el('input', { type: 'search', ariaLabel: 'Find a field, a program, or a line of C', placeholder: 'Find a field or a line', value: state.filter, autocomplete: 'off', spellcheck: false,
        oninput: whenIdle(event => { state.filter = event.target.value; draw(); }, 150) })), place)];
}

const text = r => `${r.program ?? r.section} ${r.local} ${r.source?.text ?? ''} ${r.source?.file ?? ''}:${r.source?.line ?? ''} ${r.outcome} ${r.reason ?? ''}`.toLowerCase();

function programPanel(program, report, state, open, signal) {
  const body = el('div', { className: 'hunks' });
  const details = el('details', { className: 'panel fold program', open: open && (program.changed + program.reached + program.guarded > 0 || state.filter !== ''), ontoggle: () => fill() },
    el('summary', {}, el('h3', { className: 'code' }, program.name), program.section !== program.name ? el('span', { className: 'hint code clip' }, program.section) : '', counts(program)), body);
  let filled = false;
  function fill() {
    if (!details.open || filled) return;
    filled = true;
    const shown = state.all ? null : program.records.filter(r => r.outcome !== 'unchanged' || state.filter !== '');
    if (shown) {
      const all = () => wholeProgram(program, report, body, signal);
      const hunks = hunksOf(linesOf(shown));
      long(hunks, (hunk, i) => [between(hunks[i - 1], hunk, all), hunkOf(hunk, report.kernel.id)], body);
      const same = program.records.length - shown.length;
      if (same > 0) body.append(unchanged(program, same, report));
    } else wholeProgram(program, report, body, signal);
  }
  fill();
  return details;
}

const counts = program => el('span', { className: 'counts' },
  program.reached > 0 ? tone('broken', `${count(program.reached)} broken `) : '',
  program.changed > 0 ? el('span', {}, `${count(program.changed)} changed`) : program.reached + program.guarded === 0 ? el('span', { className: 'soft' }, 'unchanged') : '',
  program.guarded > 0 ? el('span', { className: 'soft' }, ` ${count(program.guarded)} guarded`) : '');

function unchanged(program, same, report) {
  const details = el('details', { className: 'unchanged', ontoggle: () => {
    if (!details.open || details.childElementCount > 1) return;
    const body = el('div');
    details.append(body);
    long(hunksOf(linesOf(program.records.filter(r => r.outcome === 'unchanged'))), hunk => hunkOf(hunk, report.kernel.id), body);
  } }, el('summary', {}, `… ${plural(same, 'record')} that changed nothing`));
  return details;
}

// The instructions between the records come on demand: they are most of an object.
async function wholeProgram(program, report, body, signal) {
  body.replaceChildren(el('p', { className: 'hint hunk-note' }, 'Fetching the program…'));
  try {
    report.disassembly ??= json(...request(report, signal)).then(answer => new Map(answer.object.programs.map(p => [p.name, p.disassembly])));
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

function hunkOf(hunk, kernel) {
  return el('div', { className: 'hunk' }, hunk.source ? line(hunk.source) : null, hunk.lines.flatMap(item => instruction(item, kernel)));
}

function instruction({ instruction: at, before, after, record }, kernel) {
  if (!record) return [row(at, ' ', [before], '')];
  if (record.outcome === 'unchanged') return [row(at, ' ', [before], 'same', about(record, kernel))];
  const [was, is] = compare(before, after);
  if (record.outcome !== 'poisoned') return [row(at, '-', was, 'was'), row(at, '+', is, 'is', about(record, kernel))];
  return [row(at, '-', was, 'was'), row(at, '+', [el('ins', {}, after)], record.reachable ? 'is bad' : 'is absent', about(record, kernel))];
}

const row = (at, sign, text, className, ...about) => el('div', { className: `ins ${className}` }, el('span', { className: 'no' }, String(at)), el('span', { className: 'sign' }, sign), el('code', {}, text), ...about);

// What a record asks for, where it is not the offset.
const asked = kind => kind.endsWith('-exists') ? 'exists? ' : kind.endsWith('-size') ? 'size ' : kind.endsWith('-offset') ? '' : `${kind.replaceAll('-', ' ')} `;

function about(record, kernel) {
  const field = access(record.local);
  const name = words(record.local);
  const type = bare((access(record.target) ?? field)?.type ?? '');
  const title = `${record.kind}: ${record.local}${record.target && record.target !== record.local ? ` → ${record.target}` : ''}${record.module ? ` (module ${record.module})` : ''}`;
  const words2 = record.outcome === 'poisoned' ? record.reachable ? 'does not exist here, and is reached' : 'does not exist here, never reached'
    : `${asked(record.kind)}${record.outcome === 'unchanged' ? 'same' : record.localValue !== record.targetValue && record.localValue !== null ? `${record.localValue} → ${record.targetValue}` : ''}`;
  return el('span', { className: 'about', title }, type ? el('a', { className: 'code', href: link('types', { kernel, field: field?.field.split(/[.[]/)[0] }, type) }, name) : code(name), el('span', { className: 'soft' }, ` ${words2}`));
}
