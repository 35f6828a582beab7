// What the kernel must offer: the worst first, alike ones in one row.
import { code, count, el, plural } from './dom.js';
import { isLacking } from './verdict.js';

const groups = [
  { title: 'absent', tone: 'broken', of: isLacking },
  { title: 'changed', tone: 'look', of: check => check.status === 'changed' },
  { title: 'not seen in its BTF', tone: 'same', of: check => check.status === 'unknown' },
  { title: 'absent, optional', tone: 'same', of: check => check.status === 'absent' && check.optional },
  { title: 'present', tone: 'same', of: check => check.status === 'present' },
];

// Warnings that the page says elsewhere.
const said = ['poisoned-instruction', 'architecture-mismatch', 'absent-kfunc-called', 'unknown-helper-called', 'poisoned-call-reached',
  'enum-value-changed'];

export function needs(report) {
  const rows = groups.flatMap(group => byKind(report.checks.filter(group.of)).map(([kind, checks]) => row(group, kind, checks)));
  const notes = byKind(report.warnings.filter(warning => !said.includes(warning.code)), warning => warning.code).map(([, list]) =>
    note(list));
  if (rows.length + notes.length === 0) return [];
  const absent = report.checks.filter(isLacking).length;
  const changed = report.checks.filter(check => check.status === 'changed').length;
  const summary = groups.map(group => [report.checks.filter(group.of).length, group.title]).filter(([n]) => n > 0)
    .map(([n, title]) => `${count(n)} ${title}`).join(', ');
  return [el('section', { ariaLabel: 'What the kernel must offer' },
    el('details', { className: 'panel fold', open: absent + changed > 0 },
      el('summary', {}, el('h2', {}, 'What the kernel must offer'), el('span', { className: 'hint' }, summary)),
      el('ul', { className: 'needs' }, rows, notes),
        el('p', { className: 'hint hunk-note' }, el('a', { href: 'docs/relocate#checks-will-it-load-there' }, 'What these words mean'))))];
}

function byKind(list, key = check => check.kind) {
  const found = new Map();
  for (const item of list) found.set(key(item), [...found.get(key(item)) ?? [], item]);
  return [...found];
}

const words = kind => kind.replaceAll('-', ' ').replace('btf', 'BTF');

function row(group, kind, checks) {
  const names = checks.length === 1 ? code(checks[0].name) : el('details', {},
    el('summary', {}, el('span', { className: 'clip' }, `${count(checks.length)}: ${checks.map(check => check.name).join(', ')}`)),
    el('ul', { className: 'evidence' }, checks.map(check =>
      el('li', {}, code(check.name), el('span', { className: 'hint' }, ` ${check.evidence}${programs(check)}`)))));
  return el('li', {}, el('span', { className: `tone ${group.tone}` }, group.title), el('span', { className: 'soft' }, words(kind)),
    el('div', {}, names,
    checks.length === 1 ? el('span', { className: 'hint' }, ` ${checks[0].evidence}${programs(checks[0])}`) : null));
}

const programs = check => check.programs.length === 0 ? '' : check.programs.length > 3 ? `; ${plural(check.programs.length, 'program')}`
  : `; ${check.programs.join(', ')}`;

// 24 identical warnings are one line.
const headings = { 'needs-kernel-btf-program': n =>
  `${plural(n, 'program attaches', 'programs attach')} through kernel BTF, which the node must have for them all the same.` };

function note(list) {
  const [first] = list;
  const heading = headings[first.code]?.(list.length) ?? (list.length === 1 ? first.message
    : `${plural(list.length, 'note')} of the kind ${first.code}`);
  const single = list.length === 1 && !headings[first.code];
  return el('li', {}, el('span', { className: 'tone same' }, 'note'), el('span', { className: 'soft' }, words(first.code)),
    single ? el('div', {}, heading) : el('details', {}, el('summary', {}, heading),
      el('ul', { className: 'evidence' }, list.map(w =>
      el('li', {}, w.program ? [code(w.program), ' '] : '', el('span', { className: 'hint' }, w.message))))));
}
