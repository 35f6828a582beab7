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

/** debian 6.1–6.12, ubuntu 5.4: kernels in few words. */
export function rangesOf(ids, most = 3) {
  const lines = new Map();
  for (const id of ids) {
    const [distro, , , release] = id.split('/');
    lines.set(distro, (lines.get(distro) ?? new Set()).add(lineOf(release)));
  }
  const words = [...lines].map(([distro, set]) => {
    const sorted = [...set].sort(inOrder);
    return sorted.length === 1 ? `${distro} ${sorted[0]}` : `${distro} ${sorted[0]}–${sorted.at(-1)}`;
  });
  return words.slice(0, most).join(', ') + (words.length > most ? ` and ${words.length - most} more` : '');
}
