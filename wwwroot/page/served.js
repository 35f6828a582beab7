// On how many kernels of the archive kept objects load: one object after another, and only those with a tag unasked.
import { json } from './api.js';
import { coverage } from './coverage.js';
import { button, count, el } from './dom.js';
import { link } from './routes.js';
import { toneOf } from './verdict.js';

const unasked = 2000; // kernels; with more of them, each object is a question of seconds

/** A function: reference of an object => the element that says it. */
export function servedKernels(signal) {
  const known = coverage({}, signal).catch(() => null);
  let before = known;
  return (ref, hasTag) => {
    const place = el('span', { className: 'hint' }, '…');
    const find = () => { before = before.then(() => signal.aborted ? null : say(place, ref, signal)); };
    known.then(all => hasTag && all && all.kernels <= unasked ? find()
      : place.replaceChildren(button('Check now', event => { event.target.disabled = true; find(); }, 'link')));
    return place;
  };
}

async function say(place, ref, signal) {
  try {
    const { kernels, groups } = await json(`v1/objects/${encodeURIComponent(ref)}/kernels`, { signal });
    const fine = groups.filter(group => toneOf(group) !== 'broken').reduce((sum, group) => sum + group.kernels.length, 0);
    const tone = fine === kernels ? 'loads' : fine === 0 ? 'broken' : '';
    place.replaceChildren(el('a', { className: tone, href: link('many', { object: ref }) }, `${count(fine)} of ${count(kernels)}`));
  } catch {
    place.replaceChildren('unknown');
  }
}
