// Why an object is broken: each access in place, at its line of C, with the guard to write.
import { copyable } from './copy.js';
import { code, el, fileName, plural, tone } from './dom.js';
import { guardFor } from './guard.js';
import { brokenAccesses, words } from './records.js';
import { object } from './object.js';
import { link } from './routes.js';
import { brokenCalls, foreign } from './verdict.js';

const shown = 3; // the rest is folded

/** Sections; none if nothing is broken. */
export function causes(report) {
  const architecture = foreign(report.checks);
  if (architecture) { // one cause for all of them
    const remedy = architecture.evidence.split('. ').slice(1).join('. ') || `Compile it for ${report.kernel.arch}.`;
    return [el('section', { className: 'cause', ariaLabel: 'What to do' }, el('h2', {}, 'What to do'),
      el('p', { className: 'note' }, withFlags(remedy), ' Or ', el('a', { href: link('many', { object: object()?.ref }) },
      'see on which kernels it loads'), '.'))];
  }
  const accesses = brokenAccesses(report);
  const calls = brokenCalls(report);
  if (accesses.length + calls.length === 0) return [];
  const all = [...accesses.map(record => ofAccess(record, report)), ...calls.map(ofCall)];
  return [el('section', { className: 'cause', ariaLabel: 'Why it is broken' },
    el('h2', { tabIndex: -1 }, all.length === 1 ? 'Why it is broken' : `Why it is broken: ${plural(all.length, 'place')}`),
    all.slice(0, shown),
    all.length > shown ? el('details', {}, el('summary', {}, `${plural(all.length - shown, 'more place')}`), all.slice(shown)) : null)];
}

// -D__TARGET_ARCH_arm64 is not broken at its hyphen.
const withFlags = text => text.split(/(-D\w+)/).map(part => part.startsWith('-D') ? el('code', { className: 'nobreak' }, part) : part);

function ofAccess(record, report) {
  const proposal = report.fieldChanges.find(change => change.uses.includes(record.index))?.proposal;
  const guard = guardFor(record, proposal);
  return el('div', { className: 'panel cause-place' },
    record.source ? line(record.source) : el('p', { className: 'code' }, `${record.section}, instruction ${record.instruction}`),
    el('div', { className: 'cause-text' },
      el('p', {}, tone('broken', code(words(record.local))), ' does not exist on this kernel', record.program
        ? [', and program ', code(record.program), ' reaches this line'] : '', '.',
        proposal ? [' It may be called ', code(proposal.path), ` here (${proposal.kind}: ${proposal.evidence}).`] : ''),
      guard ? [el('p', { className: 'hint' }, 'The guard to write:'), copyable(guard, 'Guard in C')] : null));
}

const ofCall = warning => el('div', { className: 'panel cause-place' },
  el('div', { className: 'cause-text' }, el('p', {}, warning.message)));

/** A line of C with its number; the path is in the tooltip. */
export const line = source => el('div', { className: 'c-line', title: `${source.file}:${source.line}:${source.column}` },
  el('span', { className: 'c-where' }, `${fileName(source.file)}:${source.line}`), el('span', { className: 'c-text' }, source.text));
