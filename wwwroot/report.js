// A report as tables. All of it is text of strangers: it enters the page as text nodes only.

/** An element with properties and children. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(c => c !== ''));
  return element;
}

const missing = '–';

function table(title, heads, rows) {
  if (rows.length === 0) return [];
  return [
    el('h2', {}, title),
    el('div', { className: 'scroll', tabIndex: 0 }, el('table', {},
      el('thead', {}, el('tr', {}, ...heads.map(h => el('th', { scope: 'col' }, h)))),
      el('tbody', {}, ...rows))),
  ];
}

const cell = (text, className = '') => el('td', { className }, text === null || text === undefined ? missing : String(text));

function change(before, after, unit = '') {
  const now = after === null ? missing : `${after}${unit}`;
  return before === after || before === null ? cell(before === null && after === null ? null : now) : cell(`${before}${unit} → ${now}`);
}

/** What differs between the object's types and the kernel's. */
export const fieldChanges = changes => table('What moved', ['Type', 'Field', 'Change', 'Offset', 'Size'], changes.map(c => el('tr', {},
  cell(c.type, 'code'), cell(c.field, 'code'), cell(c.change, c.change === 'missing' ? 'poisoned' : ''),
  change(c.localOffsetBytes, c.targetOffsetBytes), change(c.localSizeBytes, c.targetSizeBytes))));

/** What the user should know. */
export const warnings = list => table('Warnings', ['Code', 'What', 'Program'], list.map(w => el('tr', {},
  cell(w.code, 'code'), cell(w.message), cell(w.program, 'code'))));

/** Every relocation, its instruction before and after, and its line of C. */
export const relocations = list => table('Relocations', ['#', 'Program', 'Instruction', 'Kind and target', 'Outcome', 'Source'], list.map(r => el('tr', {},
  cell(r.index), el('td', { className: 'code' }, r.program ?? r.section, el('span', { className: 'was' }, `instruction ${r.instruction}`)),
  r.before === r.after ? cell(r.after, 'code') : el('td', { className: 'code' }, el('span', { className: 'was' }, r.before), r.after),
  el('td', { className: 'code wraps' }, r.kind, el('span', { className: 'was' }, r.local), r.target ? el('span', { className: 'was' }, `→ ${r.target}`) : ''),
  cell(r.reason ? `${r.outcome}: ${r.reason}` : r.outcome, r.outcome),
  r.source ? el('td', { className: 'code' }, `${r.source.file}:${r.source.line}`, el('span', { className: 'source' }, r.source.text)) : cell(null))));
