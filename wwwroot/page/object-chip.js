// Which object: its contents, another file, or one that is kept.
import { json } from './api.js';
import { bytes, count, el, hex, plural, shortDigest } from './dom.js';

const offered = 12; // kept objects

/** A control that opens. href: tag of a kept object => the address of this view with it. */
export function objectChip({ name, onFile, href }) {
  const title = el('span', { className: 'clip' }, name);
  const contents = el('div');
  const kept = el('div', { className: 'kept' });
  const file = el('input', { type: 'file', className: 'unseen', id: 'other-file', onchange: event => event.target.files[0] &&
    onFile(event.target.files[0]) });
  const element = el('details', { className: 'pop chip', ontoggle: () => element.open && listKept(kept, href) },
    el('summary', {}, el('span', { className: 'soft' }, 'object '), title),
    el('div', { className: 'popup left' }, contents, kept,
      el('div', { className: 'row drop-inline' }, file, el('label', { htmlFor: file.id, className: 'button' }, 'Choose another file'))));
  return {
    element,
    set(of, ...more) {
      title.textContent = of.name;
      contents.replaceChildren(...[...about(of), ...more].filter(Boolean));
    },
  };
}

/** Kept objects with a tag, as links. */
export async function listKept(place, href) {
  if (place.childElementCount > 0) return;
  const page = await json('v1/objects', { query: { limit: 100 } }).catch(() => null);
  const tags = page?.items.flatMap(item => item.names).slice(0, offered) ?? [];
  if (tags.length > 0) place.append(el('b', {}, 'Kept objects'), el('p', { className: 'row' },
    tags.map(tag => el('a', { className: 'code', href: href(tag) }, tag))));
}

// What is in the object, without any kernel.
function about({ name, file, digest, document }) {
  const o = document?.object;
  const digestOf = () => [', sha256 ', el('code', { title: digest }, `${shortDigest(hex(digest))}…`)];
  return [
    el('p', {}, el('b', { className: 'code' }, name)),
    el('p', { className: 'hint' }, bytes(document?.sizeBytes ?? file?.size ?? 0), digest ? digestOf() : ''),
    o ? el('p', { className: 'hint' }, facts(o)) : '',
    o ? el('details', {}, el('summary', {}, 'Programs and maps'), el('ul', { className: 'evidence' }, o.programs.map(program),
      o.maps.map(map))) : '',
  ];
}

const facts = o => [
  plural(o.programs.length, 'program'), plural(o.maps.length, 'map'), plural(o.relocations.length, 'CO-RE relocation'),
  plural(o.localTypes.length, 'kernel type'), `${o.byteOrder}-endian`, o.license ? `licence ${o.license}` : '',
].filter(Boolean).join(', ');

const program = p => el('li', {}, el('code', {}, p.name),
  el('span', { className: 'hint' },
    ` ${p.section}, ${p.type}, ${count(p.instructions)} instructions${p.optional ? ', loaded on request' : ''}`));

const map = m => el('li', {}, el('code', {}, m.name),
  el('span', { className: 'hint' }, ` map, ${m.type ?? ''}${m.maxEntries ? `, ${count(m.maxEntries)} entries` : ''}`));
