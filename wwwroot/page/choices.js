// A filter as choices with counts. Long lists are a select, which keeps its place.
import { count, el } from './dom.js';

const most = 8;

/** values: [value, count] pairs. onChange: called with the value, '' for all. */
export function choices(title, values, chosen, onChange) {
  if (values.length > most) return asSelect(title, values, chosen, onChange);
  const all = [['', values.reduce((sum, [, n]) => sum + n, 0)], ...values];
  return el('div', { className: 'choices', role: 'group', ariaLabel: title }, el('b', {}, title),
    all.map(([value, n]) => el('button', { type: 'button', className: 'choice', ariaPressed: String(value === chosen),
      onclick: () => onChange(value) }, value || 'all', ' ', el('span', {}, count(n)))));
}

const asSelect = (title, values, chosen, onChange) => el('div', { className: 'choices' }, el('b', {}, title),
  el('select', { ariaLabel: title, onchange: event => onChange(event.target.value) },
    el('option', { value: '' }, `all ${count(values.length)}`),
    values.map(([value, n]) => el('option', { value, selected: value === chosen }, `${value} (${count(n)})`))));
