// Choices with counts; they ask anew, and known results cost the service nothing.
import { choices } from './choices.js';
import { tally } from './coverage.js';
import { el } from './dom.js';
import * as routes from './routes.js';

export function filterRow(of, filter, items) {
  const change = name => value => routes.go('many', { object: of.ref, ...filter, ...name === 'distro' ? { version: '' } : {},
    [name]: value });
  const within = (...names) => items.filter(item => names.every(name => !filter[name] || item[name] === filter[name]));
  return el('div', { className: 'filters' },
    choices('Distribution', tally(within('arch'), 'distro'), filter.distro, change('distro')),
    filter.distro ? choices('Version', tally(within('arch', 'distro'), 'version'), filter.version, change('version')) : null,
    choices('Architecture', tally(within('distro', 'version'), 'arch'), filter.arch, change('arch')));
}
