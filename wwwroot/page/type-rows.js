// A struct as pahole shows it: offsets, sizes, holes, cache lines; every type a link, every field an anchor.
import { declaration, linkedField } from './declaration.js';
import { el, plural } from './dom.js';

const cacheLine = 64;

/** href: name of a field => its address. */
export function rows(type, kernel, chosen, href) {
  const holes = new Map((type.holes ?? []).map(hole => [hole.offsetBytes, hole]));
  const list = [el('li', { className: 'heads', ariaHidden: 'true' }, el('b', {}, 'offset'), el('i', {}, 'size'), el('span', {}, 'member'))];
  let line = 0;
  // until: where the list of members ends. A hole comes after the member that ends there, unless the next one is in the same bytes.
  const add = (members, depth, until) => {
    for (const [i, member] of members.entries()) {
      const at = Math.floor(member.offsetBytes / cacheLine);
      if (type.kind === 'struct' && at > line) {
        line = at;
        list.push(el('li', { className: 'cache-line' }, `cache line ${at}, byte ${at * cacheLine}`));
      }
      const end = member.offsetBytes + member.sizeBytes;
      list.push(row(member, depth, kernel, chosen, href));
      if (member.members && !member.name) {
        add(member.members, depth + 1, end);
        list.push(el('li', {}, el('b'), el('i'), el('span', { className: 'code' }, `${'\t'.repeat(depth)}};`)));
      }
      const size = holes.get(end)?.sizeBytes;
      if (size && (members[i + 1]?.offsetBytes ?? until) >= end + size) list.push(hole(end, size, `${size}-byte hole`));
    }
  };
  add(type.members, 0, type.sizeBytes);
  if (type.paddingBytes > 0) {
    list.push(hole(type.sizeBytes - type.paddingBytes, type.paddingBytes, `${plural(type.paddingBytes, 'byte')} of padding at the end`));
  }
  return el('div', { className: 'panel scroll', tabIndex: 0, role: 'region', ariaLabel: 'Layout' },
    el('ol', { className: 'layout-rows' }, list));
}

const hole = (offset, size, words) => el('li', { className: 'hole' }, el('b', {}, offset), el('i', {}, size), el('span', {}, words));

function row(member, depth, kernel, chosen, href) {
  const isChosen = member.name !== null && member.name === chosen;
  const nested = member.members && !member.name;
  const text = nested ? `${member.type.replace('{…}', '{')}` : declaration(member);
  const place = member.bitSize ? `${member.offsetBytes}:${member.bitOffset}` : String(member.offsetBytes);
  return el('li', { className: isChosen ? 'chosen' : '', data: isChosen ? { chosen: '' } : {} },
    el('b', {}, place), el('i', {}, member.bitSize ? plural(member.bitSize, 'bit') : String(member.sizeBytes)),
    el('span', { className: 'code' }, '\t'.repeat(depth), nested ? text : linkedField(text, member.name, kernel, href), nested ? '' : ';'));
}
