// What the archive has, as counts: by distribution, version, architecture and line of kernels.
import { json } from './api.js';

/** { kernels, items: [{ distro, version, arch, kernels, lines: [{ line, kernels }] }] } */
export const coverage = (query, signal) => json('v1/kernels/coverage', { query, signal });

/** The values of one of the members with their counts, the most frequent first. */
export function tally(items, name) {
  const found = new Map();
  for (const item of items) found.set(item[name], (found.get(item[name]) ?? 0) + item.kernels);
  return [...found].sort((a, b) => b[1] - a[1]);
}

/** 5.4.0-91-generic → 5.4 */
export const lineOf = release => /^(\d+\.\d+)/.exec(release)?.[1] ?? 'other';

export const inOrder = new Intl.Collator('en', { numeric: true }).compare;

/** A kernel by its id; several in few words: "debian 6.1–6.12 x86_64, ubuntu 5.15". */
export function rangesOf(ids, most = 3) {
  if (ids.length === 1) return ids[0];
  const found = new Map();
  for (const id of ids) {
    const [distro, , arch, release] = id.split('/');
    const one = found.get(distro) ?? { lines: new Set(), archs: new Set() };
    one.lines.add(lineOf(release));
    one.archs.add(arch);
    found.set(distro, one);
  }
  const words = [...found].map(([distro, { lines, archs }]) => {
    const sorted = [...lines].sort(inOrder);
    const range = sorted.length === 1 ? sorted[0] : `${sorted[0]}–${sorted.at(-1)}`;
    return `${distro} ${range} ${archs.size <= 2 ? [...archs].join(' and ') : `on ${archs.size} architectures`}`;
  });
  return words.slice(0, most).join(', ') + (words.length > most ? ` and ${words.length - most} more` : '');
}
