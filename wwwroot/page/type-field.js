// One field: how to read it, and which kept objects do.
import { json } from './api.js';
import { copyable } from './copy.js';
import { code, el } from './dom.js';
import { link } from './routes.js';

const most = 50; // objects shown

export function fieldPanel(type, name, kernel, signal) {
  const full = `${type.kind} ${type.name}`;
  const used = el('div', { className: 'readers', tabIndex: 0, role: 'region', ariaLabel: 'Kept objects that read it' },
    'Searching the kept objects…');
  readers(full, name, kernel, signal).then(found => used.replaceChildren(...found), () =>
    used.replaceChildren('The kept objects could not be read.'));
  const since = link('types', { kernel, kind: type.kind, field: name, show: 'history' }, type.name);
  return el('section', { className: 'panel field-panel', ariaLabel: `Field ${name}` },
    el('h2', { className: 'code' }, `${type.name}.${name}`, el('a', { className: 'since', href: since }, 'Since when is it there?')),
    el('div', { className: 'field-parts' },
      el('div', {}, el('h3', {}, 'Read it'), copyable(`BPF_CORE_READ(p, ${name}) /* p: ${full} * */`, 'C'),
        copyable(`if (bpf_core_field_exists(((${full} *)0)->${name}))`, 'Guard')),
      el('div', {}, el('h3', {}, 'Kept objects that read it'), used)));
}

async function readers(full, name, kernel, signal) {
  const { items, next } = await json('v1/objects', { query: { reads: `${full}.${name}`, limit: most }, signal });
  if (items.length === 0) return [el('p', { className: 'hint' }, 'None of the kept objects reads it.')];
  return [el('ul', { className: 'evidence' }, items.map(item => reader(item, kernel))), next
    ? el('p', { className: 'hint' }, `The first ${most}.`) : ''];
}

function reader(item, kernel) {
  const ref = item.name ?? item.sha256.replace('sha256:', '');
  const places = item.reads.map(read => read.source && `${read.source.file.split('/').at(-1)}:${read.source.line}`);
  const lines = [...new Set(places.filter(Boolean))];
  return el('li', {}, el('a', { href: link('relocate', { object: ref, kernel }) }, code(item.name ?? ref.slice(0, 12))), ' ',
    el('a', { href: link('many', { object: ref }) }, 'on all kernels'),
    el('span', { className: 'hint' }, ` ${lines.slice(0, 3).join(', ')}${lines.length > 3 ? ` and ${lines.length - 3} more` : ''}`));
}
