// A table that can be sorted and filtered. Long ones are shown in parts, because a page of 20,000 rows is useless.
import { button, count, el, whenIdle } from './dom.js';

const missing = '–';
const order = new Intl.Collator('en', { numeric: true });

/**
 * columns: { title, of: row => what it is sorted and found by, show?: row => what is shown, className? }
 * options: rows, page, label, find (whether there is a field to filter with), choice { title, of, values }, state { q, choice, sort }, onState.
 */
export function table({ label, columns, rows, page = matchMedia('(max-width: 45rem)').matches ? 20 : 100, find = false, choice = null, state = {}, onState = () => {} }) {
  const now = { q: state.q ?? '', choice: state.choice ?? '', sort: state.sort ?? '' };
  let shown = page;
  const body = el('tbody');
  const heads = columns.map((column, index) => el('th', { scope: 'col' }, button(column.title, () => sortBy(index), 'sort')));
  const more = el('div', { className: 'row more' });
  const note = el('span', { className: 'hint', role: 'status' });

  function sortBy(index) {
    const [by, direction] = sorting();
    now.sort = by !== index ? `${index}` : direction > 0 ? `-${index}` : '';
    update();
  }

  function sorting() {
    const match = /^(-?)(\d+)$/.exec(now.sort);
    return match && columns[match[2]] ? [Number(match[2]), match[1] ? -1 : 1] : [-1, 1];
  }

  function found() {
    const words = now.q.toLowerCase().split(/\s+/).filter(Boolean);
    const text = row => columns.map(c => c.of(row) ?? '').join(' ').toLowerCase();
    const kept = rows.filter(row => (!now.choice || choice.of(row) === now.choice) && (words.length === 0 || words.every(word => text(row).includes(word))));
    const [by, direction] = sorting();
    return by < 0 ? kept : kept.toSorted((a, b) => compare(columns[by].of(a), columns[by].of(b), direction));
  }

  function draw() {
    const kept = found();
    const [by, direction] = sorting();
    heads.forEach((head, index) => { head.ariaSort = index !== by ? 'none' : direction > 0 ? 'ascending' : 'descending'; });
    body.replaceChildren(...kept.slice(0, shown).map(row => el('tr', {}, columns.map(c => cell(c, row)))));
    note.textContent = kept.length === rows.length ? '' : `${count(kept.length)} of ${count(rows.length)}`;
    more.replaceChildren(...kept.length > shown ? [button(`Show ${count(Math.min(page, kept.length - shown))} more of ${count(kept.length - shown)}`, () => { shown += page; draw(); })] : []);
  }

  function update() {
    shown = page;
    draw();
    onState({ ...now });
  }

  const tools = [];
  if (find) {
    const later = whenIdle(update, 150);
    tools.push(el('label', {}, 'Filter ', el('input', { type: 'search', value: now.q, autocomplete: 'off', oninput: event => { now.q = event.target.value; later(); } })));
  }
  if (choice) {
    const options = ['', ...choice.values].map(value => el('option', { value, selected: value === now.choice }, value || 'all'));
    tools.push(el('label', {}, `${choice.title} `, el('select', { onchange: event => { now.choice = event.target.value; update(); } }, options)));
  }
  draw();
  return el('div', { className: 'table' },
    tools.length > 0 ? el('div', { className: 'row tools' }, tools, note) : null,
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: label }, el('table', {}, el('thead', {}, el('tr', {}, heads)), body)),
    more);
}

// Missing values come last in both orders.
function compare(a, b, direction) {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  return direction * (typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b)));
}

function cell(column, row) {
  const content = column.show ? column.show(row) : column.of(row);
  return el('td', { className: column.className ?? '', data: { label: column.title } },
    el('div', {}, content === null || content === undefined || content === '' ? missing : typeof content === 'number' ? count(content) : content));
}
