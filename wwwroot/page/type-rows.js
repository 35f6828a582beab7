// A struct as pahole shows it: offsets, sizes, holes, cache lines; every type a link, every field an anchor.
import { el, plural } from './dom.js';
import { declaration } from './report-moved.js';
import { link } from './routes.js';

const cacheLine = 64;
const builtIn = new Set(['struct', 'union', 'enum', 'const', 'volatile', 'restrict', 'unsigned', 'signed', 'char', 'short', 'int', 'long', 'float', 'double', 'void', '_Bool', 'bool', '__int128', 'typedef', 'static']);

/** C with its types as links. own: a name that is declared here. allTypes: no name is declared in the text. */
export function linked(text, kernel, own, allTypes = false) {
  const parts = [];
  const words = text.split(/(\b(?:struct|union|enum) \w+|\w+)/);
  for (const [i, word] of words.entries()) {
    const composite = /^(struct|union|enum) (\w+)$/.exec(word);
    if (composite) parts.push(el('a', { href: link('types', { kernel, kind: composite[1] }, composite[2]) }, word));
    else if (i % 2 && !builtIn.has(word) && word !== own && /^[a-z_]/i.test(word) && (allTypes || isType(words, i))) parts.push(el('a', { href: link('types', { kernel }, word) }, word));
    else parts.push(word);
  }
  return parts;
}

// A word before another word or a star is a type; the last one is the name that is declared.
const isType = (words, i) => /^[\s*]+$/.test(words[i + 1] ?? '') && (words[i + 1].includes('*') || words[i + 2] !== undefined);

/** href: name of a field => its address. */
export function rows(type, kernel, chosen, href) {
  const holes = new Map((type.holes ?? []).map(hole => [hole.offsetBytes, hole]));
  const list = [];
  let line = 0;
  const add = (members, depth) => {
    for (const member of members) {
      const at = Math.floor(member.offsetBytes / cacheLine);
      if (type.kind === 'struct' && at > line) {
        line = at;
        list.push(el('li', { className: 'cache-line' }, `cache line ${at}, byte ${at * cacheLine}`));
      }
      list.push(row(member, depth, kernel, chosen, href));
      if (member.members && !member.name) {
        add(member.members, depth + 1);
        list.push(el('li', { className: 'close' }, el('b', {}), el('span', { className: 'code' }, `${'\t'.repeat(depth + 1)}};`)));
      }
      const hole = holes.get(member.offsetBytes + member.sizeBytes);
      if (hole) {
        holes.delete(hole.offsetBytes);
        list.push(el('li', { className: 'hole' }, el('b', {}, hole.offsetBytes), el('span', {}, `${plural(hole.sizeBytes, 'byte')} hole`)));
      }
    }
  };
  add(type.members, 0);
  if (type.paddingBytes > 0) list.push(el('li', { className: 'hole' }, el('b', {}), el('span', {}, `${plural(type.paddingBytes, 'byte')} of padding`)));
  return el('div', { className: 'panel scroll', tabIndex: 0, role: 'region', ariaLabel: 'Layout' }, el('ol', { className: 'layout-rows' }, list));
}

function row(member, depth, kernel, chosen, href) {
  const isChosen = member.name !== null && member.name === chosen;
  const indent = '\t'.repeat(depth + 1);
  const nested = member.members && !member.name;
  const text = nested ? `${member.type.replace('{…}', '{')}` : declaration(member);
  const place = member.bitSize ? `${member.offsetBytes}:${member.bitOffset}` : String(member.offsetBytes);
  return el('li', { className: isChosen ? 'chosen' : '', data: isChosen ? { chosen: '' } : {} },
    el('b', {}, place), el('i', {}, member.bitSize ? plural(member.bitSize, 'bit') : String(member.sizeBytes)),
    el('span', { className: 'code' }, indent, nested ? text : linkedField(text, member.name, kernel, href), nested ? '' : ';'));
}

// The type is a link to the type, the name an anchor of the field.
function linkedField(text, name, kernel, href) {
  const at = name ? new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}\\b(?!.*\\b${name.replace(/[^\w]/g, '\\$&')}\\b)`).exec(text)?.index ?? -1 : -1;
  if (at < 0) return linked(`${text}`, kernel, '');
  return [linked(text.slice(0, at), kernel, '', true), el('a', { className: 'field', href: href(name), title: 'Show how to read it, and who reads it' }, name), linked(text.slice(at + name.length), kernel, '')];
}
