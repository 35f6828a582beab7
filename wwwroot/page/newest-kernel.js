// The kernel that is shown where nobody named one: of the newest line in the archive.
import { json } from './api.js';
import { coverage, inOrder } from './coverage.js';

/** Its id; empty if the archive has none. */
export async function newestKernel(signal) {
  const { items } = await coverage({}, signal);
  const all = items.flatMap(item => item.lines.map(({ line }) => ({ ...item, line })));
  const newest = all.sort((a, b) => inOrder(b.line, a.line))[0];
  if (!newest) return '';
  const { distro, version, arch, line } = newest;
  const page = await json('v1/kernels', { query: { distro, version, arch, release: line === 'other' ? '' : `${line}*`, limit: 1 },
    signal });
  return page.items[0]?.id ?? '';
}
