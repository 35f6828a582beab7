// Members as C declares them, with links to their types.
import { el } from './dom.js';
import { link } from './routes.js';

const builtIn = new Set(['struct', 'union', 'enum', 'const', 'volatile', 'restrict', 'unsigned', 'signed', 'char', 'short', 'int', 'long',
  'float', 'double', 'void', '_Bool', 'bool', '__int128', 'typedef', 'static']);

/** "char comm[16]", "int (*f)(void)": as C has it, near enough to read. */
export function declaration({ type, name, bitSize }) {
  const bits = bitSize ? ` : ${bitSize}` : '';
  if (!type) return name;
  if (type.includes('(*)')) return `${type.replace('(*)', `(*${name ?? ''})`)}${bits}`;
  const [, base, array] = /^(.*?)((?:\[\d*\])*)$/s.exec(type);
  return `${base}${!name || base.endsWith('*') ? '' : ' '}${name ?? ''}${array}${bits}`;
}

/** C with its types as links. own: a name that is declared here. allTypes: no name is declared in the text. */
export function linked(text, kernel, own, allTypes = false) {
  const words = text.split(/(\b(?:struct|union|enum) \w+|\w+)/);
  return words.map((word, i) => {
    const composite = /^(struct|union|enum) (\w+)$/.exec(word);
    if (composite) return el('a', { href: link('types', { kernel, kind: composite[1] }, composite[2]) }, word);
    const isName = i % 2 && !builtIn.has(word) && word !== own && /^[a-z_]/i.test(word);
    return isName && (allTypes || isType(words, i)) ? el('a', { href: link('types', { kernel }, word) }, word) : word;
  });
}

// A word before another word or a star is a type; the last one is the name that is declared.
const isType = (words, i) => /^[\s*]+$/.test(words[i + 1] ?? '') && (words[i + 1].includes('*') || words[i + 2] !== undefined);

/** The type is a link to the type, the name to the field. href: name of a field => its address. */
export function linkedField(text, name, kernel, href) {
  const word = name?.replace(/[^\w]/g, '\\$&');
  const at = name ? new RegExp(`\\b${word}\\b(?!.*\\b${word}\\b)`).exec(text)?.index ?? -1 : -1;
  if (at < 0) return linked(text, kernel, '');
  const field = el('a', { className: 'field', href: href(name), title: 'How to read it, and who reads it' }, name);
  return [linked(text.slice(0, at), kernel, '', true), field, linked(text.slice(at + name.length), kernel, '')];
}
