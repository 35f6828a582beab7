// A list of any length: the next part is made when its end comes near, so that 17,000 rows cost what 100 cost.
import { el } from './dom.js';

const part = 100;

/** make: (item, index) => element. Rows are added to the place, before its last element. */
export function long(items, make, place) {
  let made = 0;
  const end = el(place.tagName === 'TBODY' ? 'tr' : 'div', { className: 'end' });
  const watcher = new IntersectionObserver(entries => { if (entries.some(entry => entry.isIntersecting)) next(); },
    { rootMargin: '600px' });
  function next() {
    end.before(...items.slice(made, made + part).flatMap((item, i) => make(item, made + i)).flat());
    made = Math.min(items.length, made + part);
    watcher.unobserve(end); // observed anew: it may still be near
    if (made < items.length) watcher.observe(end);
    else end.remove();
  }
  place.append(end);
  next();
  return place;
}
