// The heat map: a row for each version of a distribution, a column for each line of kernels, a square for each release.
import { button, count, el, plural } from './dom.js';

export const verdicts = ['ok', 'guarded', 'broken', 'failed'];
export const signs = { ok: '✓', guarded: '~', broken: '✕', failed: '!' };
const fewEnough = 12; // squares in one field; more become a bar
const order = new Intl.Collator('en', { numeric: true });

/** 5.4.0-91-generic → 5.4 */
export const lineOf = release => /^(\d+\.\d+)/.exec(release)?.[1] ?? 'other';

/** A kernel as a square that leads to its report. */
export const square = (result, href) => el('a', { className: `square ${result.verdict}`, href: href(result), title: `${result.id}: ${result.verdict}`, ariaLabel: `${result.id}: ${result.verdict}` }, signs[result.verdict]);

/** href: result => address of its report; onCell: called with a title and the results of a field that was opened; onDraw: called when what was added shows. */
export function heatMap({ href, onCell, onDraw }) {
  const rows = new Map(); // "ubuntu 20.04" => Map of line => results
  const columns = new Set();
  const head = el('tr');
  const body = el('tbody');
  const table = el('table', { className: 'heat' }, el('thead', {}, head), body);
  const cells = new Map(); // "row\nline" => td
  const dirty = new Set();
  let waiting = 0;
  let shape = '';

  function add(result) {
    const [distro, version, , release] = result.id.split('/');
    const [row, line] = [`${distro} ${version}`, lineOf(release)];
    columns.add(line);
    if (!rows.has(row)) rows.set(row, new Map());
    const cell = rows.get(row);
    if (!cell.has(line)) cell.set(line, []);
    cell.get(line).push(result);
    dirty.add(`${row}\n${line}`);
    waiting ||= setTimeout(draw, 150); // thousands of results may arrive at once
  }

  function draw() {
    clearTimeout(waiting);
    waiting = 0;
    const lines = [...columns].sort(order.compare);
    const names = [...rows.keys()].sort(order.compare);
    const now = `${lines}|${names}`;
    if (now !== shape) lay(names, lines);
    shape = now;
    for (const place of dirty) fill(place);
    dirty.clear();
    onDraw();
  }

  function lay(names, lines) {
    head.replaceChildren(el('th', { scope: 'col' }, 'Distribution'), ...lines.map(line => el('th', { scope: 'col' }, line)));
    body.replaceChildren(...names.map(name => el('tr', {}, el('th', { scope: 'row' }, name), lines.map(line => {
      const place = `${name}\n${line}`;
      if (!cells.has(place)) cells.set(place, el('td'));
      return cells.get(place);
    }))));
  }

  function fill(place) {
    const [row, line] = place.split('\n');
    const results = rows.get(row).get(line);
    cells.get(place).replaceChildren(results.length <= fewEnough
      ? el('div', { className: 'squares' }, results.toSorted((a, b) => order.compare(a.id, b.id)).map(r => square(r, href)))
      : bar(`${row}, Linux ${line}`, results));
  }

  function bar(title, results) {
    const tally = verdicts.map(v => [v, results.filter(r => r.verdict === v).length]).filter(([, n]) => n > 0);
    const words = tally.map(([v, n]) => `${count(n)} ${v}`).join(', ');
    const field = button('', () => onCell(title, results), 'bar');
    field.ariaLabel = `${title}: ${plural(results.length, 'kernel')}: ${words}. Show them`;
    field.title = words;
    field.append(el('span', { className: 'parts' }, tally.map(([v, n]) => {
      const part = el('span', { className: v }, `${signs[v]} ${count(n)}`);
      part.style.flexGrow = n;
      return part;
    })));
    return field;
  }

  const scroll = el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Heat map' }, table);
  const wider = el('p', { className: 'hint', hidden: true }, 'The map is wider than the page: scroll it sideways.');
  new ResizeObserver(() => { wider.hidden = scroll.scrollWidth <= scroll.clientWidth; }).observe(table);
  return { element: el('div', {}, wider, scroll), add, draw };
}

/** What the signs mean, and how many of each. */
export const legend = tally => el('ul', { className: 'facts legend' }, verdicts.filter(v => v !== 'failed' || tally[v]).map(v => el('li', {},
  el('span', { className: `square ${v}`, ariaHidden: 'true' }, signs[v]), ` ${count(tally[v] ?? 0)} ${v}`)));
