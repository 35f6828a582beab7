// What differs between two results.
import { el } from './dom.js';
import { difference } from './many-difference.js';

const most = 200; // rows

export function compare(groups) {
  const place = el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'What differs' });
  const option = (group, i, index) => el('option', { value: i, selected: i === index }, `${group.letter}: ${group.word}, ${group.range}`);
  const choose = (index, name) => el('select', { ariaLabel: name, onchange: draw }, groups.map((group, i) => option(group, i, index)));
  const [one, two] = [choose(0, 'First result'), choose(1, 'Second result')];
  function draw() {
    const [a, b] = [groups[one.value], groups[two.value]];
    const rows = difference(a, b);
    place.replaceChildren(rows.length > 0 ? table(a, b, rows)
      : el('p', { className: 'hint' }, a === b ? 'Choose two different results.'
        : a.patched === b.patched ? 'Both have the same patched object.'
          : 'Fields and checks are the same; only the patched code differs.'));
  }
  draw();
  return el('section', { className: 'panel compare', ariaLabel: 'What differs between two results' },
    el('h2', {}, 'What differs between two results'),
    el('div', { className: 'row' }, one, 'and', two), place);
}

const table = (a, b, rows) => el('table', {},
  el('thead', {}, el('tr', {}, ['', a.letter, b.letter].map(head => el('th', { scope: 'col' }, head)))),
  el('tbody', {}, rows.slice(0, most).map(([what, x, y]) => el('tr', {},
    el('th', { scope: 'row', className: 'code wraps' }, what), el('td', {}, x), el('td', {}, y)))));
