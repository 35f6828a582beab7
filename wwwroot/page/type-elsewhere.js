// A type that this kernel does not have: the kernels that do.
import { json } from './api.js';
import { el, plural } from './dom.js';
import { bands } from './type-history.js';

export async function elsewhere({ name, kind }, signal) {
  const found = await json(`v1/types/${encodeURIComponent(name)}/history`, { query: { kind, limit: 1000 }, signal }).catch(() => null);
  if (!found?.present) return el('p', { className: 'hint' }, 'No kernel in the archive has it.');
  return el('section', { ariaLabel: 'Kernels that have it' }, el('h2', {},
    `${plural(found.present, 'other kernel has', 'other kernels have')} it`),
    bands(found.items, { name, kind }, ''));
}
