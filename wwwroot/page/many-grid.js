// The map of kernels: a row for each distribution, version and architecture, a column for each line. It is laid out before the first
// result is here, so that nothing moves while results arrive.
import { count, el, plural } from './dom.js';
import { inOrder, lineOf } from './coverage.js';
import { shapes, toneOf, wordOf } from './verdict.js';

const severity = ['broken', 'foreign', 'look', 'loads'];

/** items: of the coverage. onCell: called with a cell: its title, place and results. waits: what a cell says without a result. */
export function manyGrid(items, onCell, waits = 'not checked yet') {
  const lines = [...new Set(items.flatMap(item => item.lines.map(l => l.line)))].sort(inOrder);
  const cells = new Map();
  const dirty = new Set();
  const rows = items.toSorted((a, b) => inOrder(`${a.distro} ${a.version} ${a.arch}`, `${b.distro} ${b.version} ${b.arch}`)).map(item => {
    const of = new Map(item.lines.map(l => [l.line, l.kernels]));
    return el('tr', {}, el('th', { scope: 'row' }, `${item.distro} ${item.version} `, el('span', { className: 'soft' }, item.arch)),
      lines.map(line => {
      if (!of.has(line)) return el('td', {});
      const { distro, version, arch } = item;
      const cell = { distro, version, arch, line, title: `${distro} ${version} ${arch}, Linux ${line}`, expected: of.get(line),
        results: [], button: null };
      cell.button = el('button', { type: 'button', className: 'cell waiting', onclick: () => onCell(cell) }, count(cell.expected));
      cell.button.ariaLabel = `${cell.title}: ${plural(cell.expected, 'kernel')}, ${waits}`;
      cells.set(`${item.distro}/${item.version}/${item.arch}/${line}`, cell);
      return el('td', {}, cell.button);
    }));
  });
  let letterFor = null;

  function fill(cell) {
    const parts = new Map();
    for (const result of cell.results) {
      const key = letterFor?.(result.kernel)?.letter ?? wordOf(result);
      const word = wordOf(result);
      const tone = word === 'Wrong architecture' ? 'foreign' : toneOf(result);
      const part = parts.get(key) ?? { text: letterFor ? key : shapes[key], word, tone, n: 0 };
      part.n++;
      parts.set(key, part);
    }
    const sorted = [...parts.values()].sort((a, b) => severity.indexOf(a.tone) - severity.indexOf(b.tone) || b.n - a.n);
    const shown = sorted.slice(0, 3).map(part => {
      const span = el('span', { className: `part ${part.tone}` }, part.text);
      span.style.flexGrow = Math.max(1, Math.round((10 * part.n) / cell.results.length));
      return span;
    });
    cell.button.className = 'cell';
    cell.button.replaceChildren(...shown, ...sorted.length > 3 ? [el('span', { className: 'part' }, '…')] : []);
    const said = sorted.map(part => `${count(part.n)} ${part.word}${letterFor ? ` (${part.text})` : ''}`);
    cell.button.title = `${cell.title}: ${said.join(', ')}`;
    cell.button.ariaLabel = `${cell.button.title} ${cell.button.textContent}`; // who speaks to the page says what is seen
  }

  return {
    element: el('div', { className: 'scroll grid-scroll', tabIndex: 0, role: 'region', ariaLabel: 'Kernels' },
      el('table', { className: 'grid' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Distribution'), lines.map(line => el('th', { scope: 'col' }, line)))),
        el('tbody', {}, rows))),
    add(result) {
      const [distro, version, arch, release] = result.kernel.split('/');
      const cell = cells.get(`${distro}/${version}/${arch}/${lineOf(release)}`);
      if (!cell) return; // added after the map was laid out
      cell.results.push(result);
      dirty.add(cell);
    },
    draw() {
      for (const cell of dirty) fill(cell);
      dirty.clear();
    },
    letter(of) {
      letterFor = of;
      for (const cell of cells.values()) if (cell.results.length > 0) fill(cell);
    },
  };
}
