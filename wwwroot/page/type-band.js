// A line of kernels as a band: a segment for each layout, as wide as it has kernels, and above it the size as a curve.
import { count, el, plural, svg } from './dom.js';
import { name, releaseOf } from './type-lines.js';

const height = 22; // of the curve
const hues = 11; // colours before they are used again

/** letters: layout => number. href: item => address of the type there. */
export function band(list, letters, href) {
  const sizes = list.map(item => item.sizeBytes ?? 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: `Layouts over ${plural(list.length, 'segment')}` },
    el('ol', { className: 'band' }, list.map((item, i) => segment(item, letters.get(item.layout), href(item),
      least === most ? null : step(sizes[i - 1] ?? sizes[i], sizes[i], least, most)))));
}

// The curve of one segment: from the size before it to its own.
function step(before, size, least, most) {
  const y = bytes => (height - 3) - (((bytes - least) / (most - least)) * (height - 5));
  return svg('svg', { class: 'curve', viewBox: `0 0 100 ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { d: `M0 ${y(before)} V ${y(size)} H 100` }));
}

// 6.1.0-55-amd64 → 6.1.0-55; the whole name is in the tooltip.
const short = release => /^[\d.]+(?:-\d+)?/.exec(release)?.[0] ?? release;

function segment(item, number, href, curve) {
  const title = `${releaseOf(item.from)} to ${releaseOf(item.to)}: ${plural(item.kernels, 'kernel')}`;
  const element = el('li', { title, className: item.layout ? 'layout' : 'layout none' }, curve,
    el('span', { className: 'letter' }, item.layout ? el('a', { href, ariaLabel: `Layout ${name(number)} of ${releaseOf(item.from)}` },
      name(number)) : 'none',
      el('span', {}, item.sizeBytes === null ? '' : ` ${count(item.sizeBytes)}`)),
    el('span', { className: 'hint clip' }, short(releaseOf(item.from))));
  element.style.flexGrow = item.kernels;
  if (item.layout) element.style.setProperty('--hue', Math.round(((number % hues) * 360) / hues));
  return element;
}
