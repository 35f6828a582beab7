// The code, per program, as hunks of a diff under their line of C.
import { count, el, plural, whenIdle } from './dom.js';
import { programsOf } from './hunks.js';
import { programPanel } from './report-program.js';
import { foreign } from './verdict.js';

const openAtOnce = 60, openProgramsAtOnce = 12; // records, programs; beyond that, programs are opened by hand
const few = 3; // programs that are not worth a fold

export function codeOf(report, query, onFilter, signal) {
  if (report.relocations.length === 0) return [];
  const programs = programsOf(report);
  const place = el('div', { className: 'programs' });
  const state = { filter: query.get('filter') ?? '', all: query.get('code') === 'all' };
  const note = el('span', { className: 'hint', role: 'status' });
  const draw = () => {
    const shown = matching(programs, state.filter);
    const records = shown.reduce((sum, program) => sum + program.records.length, 0);
    note.textContent = state.filter.trim() ? `${count(records)} of ${plural(report.relocations.length, 'relocation')}` : '';
    const open = (records <= openAtOnce && shown.length <= openProgramsAtOnce) || state.filter.trim() !== '';
    place.replaceChildren(...panels(shown, program => programPanel(program, report, state, open, signal), report, state));
    onFilter({ filter: state.filter, code: state.all ? 'all' : '' });
  };
  const choice = (title, all) => el('button', { type: 'button', className: 'choice', ariaPressed: String(state.all === all),
    onclick: event => {
    state.all = all;
    for (const other of event.target.parentElement.querySelectorAll('.choice')) other.ariaPressed = String(other === event.target);
    draw();
  } }, title);
  const search = el('input', {
    type: 'search', ariaLabel: 'Find a field, a program, or a line of C', placeholder: 'Find a field or a line', value: state.filter,
      autocomplete: 'off',
    spellcheck: false, oninput: whenIdle(event => { state.filter = event.target.value; draw(); }, 150, signal),
  });
  draw();
  return [el('section', { ariaLabel: 'Code' }, el('h2', {}, 'Code'), el('div', { className: 'row code-tools' },
    el('div', { className: 'choices', role: 'group', ariaLabel: 'How much code' }, choice('What changed', false),
      choice('Whole program', true), note), search), place)];
}

const text = ({ program, section, local, source, outcome, reason }) => [program ?? section, local, source?.text,
  `${source?.file ?? ''}:${source?.line ?? ''}`, outcome, reason].join(' ').toLowerCase();

function matching(programs, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return programs.map(program => ({ ...program, records: program.records.filter(record =>
    words.every(word => text(record).includes(word))) }))
    .filter(program => program.records.length > 0);
}

// Programs without any change are one line; with an object of another architecture, all of them say the same.
function panels(programs, panel, report, state) {
  if (state.filter.trim()) return programs.map(panel);
  const isQuiet = foreign(report.checks) ? () => true : program => program.changed + program.reached + program.guarded === 0;
  const [quiet, others] = [programs.filter(isQuiet), programs.filter(program => !isQuiet(program))];
  if (quiet.length <= few) return programs.map(panel);
  const words = foreign(report.checks) ? `${plural(quiet.length, 'program')} for the other architecture`
    : `${plural(quiet.length, 'program')} without any change`;
  const fold = el('details', { className: 'panel fold', ontoggle: () => {
    if (fold.open && fold.childElementCount === 1) fold.append(el('div', { className: 'inner' }, quiet.map(panel)));
  } }, el('summary', {}, el('span', {}, words), el('span', { className: 'hint code' },
    quiet.map(program => program.name).slice(0, 8).join(', '))));
  return [...others.map(panel), fold];
}
