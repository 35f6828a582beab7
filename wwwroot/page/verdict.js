// The verdict as a word, a colour and a sentence.
import { brokenAccesses, words } from './records.js';
import { fileName, plural } from './dom.js';

/** What an object does not load without. */
export const isLacking = check => check.status === 'absent' && !check.optional;

/** Calls that the verifier refuses, and that have no record. */
const calls = ['absent-kfunc-called', 'unknown-helper-called', 'poisoned-call-reached'];
export const brokenCalls = report => report.warnings.filter(warning => calls.includes(warning.code));

const isChanged = check => check.status === 'changed';

const firstSentence = text => /^.*?\.(?= [A-Z]|$)/s.exec(text)?.[0] ?? text;

export const foreign = checks => checks.find(check => check.kind === 'architecture' && check.status === 'absent');

/** The tone of a result of many kernels, where only its summary is known. */
export function toneOf({ verdict, checks = [] }) {
  if (verdict === 'broken' || verdict === 'failed' || checks.some(isLacking)) return 'broken';
  return checks.some(isChanged) ? 'look' : 'loads';
}

/** The word for such a result. */
export function wordOf(result) {
  if (result.verdict === 'failed') return 'Fails';
  if (result.checks?.some(check => check.kind === 'architecture' && isLacking(check))) return 'Wrong architecture';
  if (result.verdict === 'broken') return 'Broken';
  if (result.checks?.some(isLacking)) return 'Will not load';
  if (result.checks?.some(isChanged)) return 'Needs a look';
  return result.verdict === 'guarded' ? 'Guarded' : 'Loads';
}

/** A shape for it as well. */
export const shapes = { Fails: '!', 'Wrong architecture': '✕', Broken: '✕', 'Will not load': '✕', 'Needs a look': '!', Guarded: '◇',
  Loads: '✓' };

/** { word, tone, sentence } of a report. */
export function verdictOf(report) {
  const word = wordOf(report);
  return { word, tone: toneOf(report), sentence: sentences[word](report) };
}

const moved = report => report.summary.fieldsMoved > 0 ? `${plural(report.summary.fieldsMoved, 'field')} moved` : 'nothing moved';

const sentences = {
  'Wrong architecture': report => firstSentence(foreign(report.checks).evidence),
  Broken: report => {
    const accesses = brokenAccesses(report);
    if (accesses.length === 0) return brokenCalls(report)[0]?.message ?? 'A program reaches code that the verifier will reject.';
    const [first] = accesses;
    const where = first.source ? `line ${first.source.line} of ${fileName(first.source.file)}` : first.program ?? first.section;
    const others = new Set(accesses.map(a => a.local)).size - 1;
    const more = others > 0 ? ` (and ${plural(others, 'other access', 'other accesses')})` : '';
    return `${words(first.local)} does not exist on this kernel, and ${where} uses it without a check${more}.`;
  },
  'Will not load': report => {
    const lacking = report.checks.filter(isLacking);
    const names = lacking.slice(0, 2).map(check => `${check.kind.replaceAll('-', ' ')} ${check.name}`).join(' and ');
    return `The kernel does not have ${names}${lacking.length > 2 ? ` and ${lacking.length - 2} more` : ''}.`;
  },
  'Needs a look': report => {
    const [first, ...others] = report.checks.filter(isChanged);
    const rest = others.length > 0 ? ` (and ${plural(others.length, 'other')})` : '';
    return `Every access is right here, but ${first.kind.replaceAll('-', ' ')} ${first.name}${rest} is not what the object expects.`;
  },
  Guarded: report => {
    const missing = new Set(report.relocations.filter(r => r.outcome === 'poisoned').map(r => words(r.local)));
    const names = [...missing];
    const which = names.length <= 2 ? names.join(' and ') : plural(names.length, 'field');
    const [verb, them] = names.length === 1 ? ['does', 'it'] : ['do', 'them'];
    return `It loads: ${which} ${verb} not exist here, and the code checks before using ${them}; ${moved(report)}.`;
  },
  Loads: report => report.summary.relocations === 0 ? 'The object has no CO-RE relocations: it is the same for every kernel.'
    : `Every field exists; ${moved(report)}.`,
};

