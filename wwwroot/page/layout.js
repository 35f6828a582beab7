// A struct as memory: in words of 8 bytes, the object's on the left, the kernel's on the right, with each field that is read on the same line.
import { button, el, plural } from './dom.js';
import { accessed } from './places.js';

const word = 8;
const shownWords = 3; // of a long field; the rest is counted
const shownTypes = 6;

/** A drawing for each type whose fields the object reads. */
export function layouts(report, document) {
  const types = accessed(report, document);
  if (types.length === 0) return [];
  const grid = el('div', { className: 'layouts' }, types.slice(0, shownTypes).map(drawing));
  const more = types.length > shownTypes
    ? button(`Draw ${plural(types.length - shownTypes, 'more type')}`, event => { event.target.remove(); grid.append(...types.slice(shownTypes).map(drawing)); })
    : null;
  return [el('section', { className: 'card' }, el('h2', {}, 'As memory'),
    el('p', { className: 'hint' }, 'One row is 8 bytes, one square is one byte. Left: the struct as the object was compiled. Right: the struct of this kernel. Filled: bytes that the object reads; ',
      'half-filled: only some of their bits; striped: the size of the field is not in the report.'),
    grid, more)];
}

function drawing(type) {
  const parts = [];
  let [left, right] = [0, 0]; // the words drawn so far
  for (const segment of segments(type.fields)) {
    const gaps = [gap(left, segment.local[0]), gap(right, segment.target[0])];
    if (gaps.some(Boolean)) parts.push(el('div', { className: 'line' }, el('div', { className: 'lane skip' }, gaps[0]), el('div'), el('div', { className: 'lane skip' }, gaps[1])));
    parts.push(el('div', { className: 'line' }, lane(segment.local, segment.fields, 'local'), names(segment.fields), lane(segment.target, segment.fields, 'target')));
    [left, right] = [segment.local.at(-1) + 1, segment.target.length > 0 ? segment.target.at(-1) + 1 : right];
  }
  return el('figure', { className: 'layout' },
    el('figcaption', {}, type.name, type.target && type.target !== type.name ? el('span', { className: 'soft' }, ` → ${type.target}`) : '', type.size ? el('span', { className: 'soft' }, ` · ${type.size} bytes here`) : ''),
    el('div', { className: 'line head' }, el('div', {}, 'object'), el('div'), el('div', {}, 'kernel')),
    parts);
}

// Fields that share a word on either side are one segment.
function segments(fields) {
  const list = [];
  for (const field of fields) {
    const [local, target] = [words(field.local), words(field.target)];
    const last = list.at(-1);
    if (last && (last.local.some(w => local.includes(w)) || last.target.some(w => target.includes(w)))) {
      last.fields.push(field);
      last.local = join(last.local, local);
      last.target = join(last.target, target);
    } else {
      list.push({ fields: [field], local, target });
    }
  }
  return list;
}

const join = (a, b) => [...new Set([...a, ...b])].sort((x, y) => x - y);

/** The words a place covers; of a long one the first few. */
function words(place) {
  if (!place) return [];
  const first = Math.floor(place.offset / word);
  const last = Math.floor((place.offset + Math.max(place.size ?? 1, 1) - 1) / word);
  return Array.from({ length: Math.min(last - first + 1, shownWords) }, (_, i) => first + i);
}

function gap(from, to) {
  if (to === undefined || to === from) return '';
  return to > from ? `⋮ ${plural((to - from) * word, 'byte')}` : '⋮ further up';
}

function lane(list, fields, side) {
  if (list.length === 0) return el('div', { className: 'lane none' }, 'not there');
  const rows = list.map((w, i) => el('div', { className: i > 0 && w !== list[i - 1] + 1 ? 'word apart' : 'word' },
    el('span', { className: 'at' }, String(w * word)),
    el('span', { className: 'bytes', ariaHidden: 'true' }, Array.from({ length: word }, (_, b) => square(fields, side, (w * word) + b)))));
  const rest = Math.max(...fields.map(f => (f[side]?.size ?? 0) - (shownWords * word)));
  return el('div', { className: 'lane' }, rows, rest > 0 ? el('div', { className: 'rest' }, `⋮ ${plural(rest, 'byte')} more`) : '');
}

// If a field lies within another field that is also read, the smaller one is shown.
function square(fields, side, at) {
  const over = fields.filter(f => f[side] && at >= f[side].offset && at < f[side].offset + Math.max(f[side].size ?? 1, 1))
    .sort((a, b) => (a[side].size ?? 1) - (b[side].size ?? 1))[0];
  if (over) return el('i', { className: `${over.change} ${over[side].bit !== null ? 'part' : ''}`, title: over.name });
  // A field of unknown size begins where it is known to, and ends at the next one or with its word.
  const open = fields.filter(f => f[side] && f[side].size === null && f[side].bit === null && f[side].offset < at && Math.floor(f[side].offset / word) === Math.floor(at / word))
    .sort((a, b) => b[side].offset - a[side].offset)[0];
  const between = open && fields.some(f => f[side] && f[side].offset > open[side].offset && f[side].offset <= at);
  return open && !between ? el('i', { className: `${open.change} open`, title: `${open.name}?` }) : el('i');
}

const names = fields => el('div', { className: 'names' }, fields.map(field => el('div', {},
  el('b', { className: 'code' }, field.name), ' ', el('span', { className: 'soft' }, where(field)))));

function where(field) {
  const at = place => place.bit === null ? String(place.offset) : `${place.offset}, bit ${place.bit}`;
  const size = place => place.size === null ? '' : `, ${plural(place.size, 'byte')}`;
  const { local, target } = field;
  if (!target) return `at ${at(local)}${size(local)}; does not exist on this kernel`;
  if (field.change === 'same') return `at ${at(local)}${size(local)}`;
  const offset = at(local) === at(target) ? `at ${at(local)}` : `${at(local)} → ${at(target)}`;
  return local.size === target.size ? `${offset}${size(local)}` : `${offset}, ${local.size ?? '?'} → ${plural(target.size ?? 0, 'byte')}`;
}
