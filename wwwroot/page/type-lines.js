// Kernels of a distribution, architecture and flavour as a line, and layouts as letters.

// debian arm64 cloud; "arm64-16k" and "powerpc64le-64k" name their architecture again.
const lineOf = item => [item.distro, item.arch, item.flavour.replace(/^(arm64|powerpc64le)-/, '')].filter(Boolean).join(' ');

/** Items by distribution, architecture and flavour. */
export const linesOf = items => Object.entries(Object.groupBy(items, lineOf));

export const releaseOf = id => id.split('/').slice(3).join('/');

/** A, B, … Z, AA. */
export const name = i => i === undefined ? 'none' : i < 26 ? String.fromCharCode(65 + i) : `${name(Math.floor(i / 26) - 1)}${name(i % 26)}`;
