// Which kernels there are, as a map: a row for each distribution, version and architecture, a column for each line of kernels.
import { el, plural } from './dom.js';
import { manyGrid } from './many-grid.js';
import { link } from './routes.js';

/** A map that opens; a cell leads to its kernels. */
export function coverageMap(items) {
  const go = ({ distro, version, arch, line }) => { location.hash = link('archive',
    { distro, version, arch, q: line === 'other' ? '' : line }); };
  const details = el('details', { className: 'panel fold', ontoggle: () => {
    if (details.open && details.childElementCount === 1) details.append(manyGrid(items, go, 'show them').element);
  } }, el('summary', {}, el('h2', {}, 'Coverage'), el('span', { className: 'hint' },
    `${plural(new Set(items.map(item => item.distro)).size, 'distribution')}, by version, architecture and line of kernels`)));
  return details;
}
