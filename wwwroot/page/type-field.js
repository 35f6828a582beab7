// One field: how to read it, and which kept objects do.
import { json } from './api.js';
import { copyable } from './copy.js';
import { code, el, plural } from './dom.js';
import { bare } from './records.js';
import { link } from './routes.js';

const most = 50; // objects looked into

export function fieldPanel(type, name, kernel, signal) {
  const full = `${type.kind} ${type.name}`;
  const used = el('div', { className: 'readers', tabIndex: 0, role: 'region', ariaLabel: 'Kept objects that read it' }, 'Looking at the kept objects…');
  readers(full, name, kernel, signal).then(found => used.replaceChildren(...found), () => used.replaceChildren('The kept objects could not be read.'));
  return el('section', { className: 'panel field-panel', ariaLabel: `Field ${name}` }, el('h2', { className: 'code' }, `${type.name}.${name}`, el('a', { className: 'since', href: link('types', { kernel, kind: type.kind, field: name, show: 'history' }, type.name) }, 'Since when is it there?')),
    el('div', { className: 'field-parts' },
      el('div', {}, el('h3', {}, 'Read it'), copyable(`BPF_CORE_READ(p, ${name}) /* p: ${full} * */`, 'C'), copyable(`if (bpf_core_field_exists(((${full} *)0)->${name}))`, 'Guard')),
      el('div', {}, el('h3', {}, 'Kept objects that read it'), used)));
}

async function readers(full, name, kernel, signal) {
  const { items, next } = await json('v1/objects', { query: { limit: most }, signal });
  const documents = await Promise.all(items.map(item => json(item.url.slice(1), { signal }).catch(() => null)));
  const found = documents.filter(document => document?.object.localTypes.some(t => bare(t.type) === bare(full) && t.fields.some(field => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`))));
  return [found.length === 0 ? el('p', { className: 'hint' }, `None of ${plural(items.length, 'kept object')}.`) : el('ul', { className: 'evidence' }, found.map(document => {
    const ref = document.names?.[0] ?? document.sha256.replace('sha256:', '');
    return el('li', {}, el('a', { href: link('relocate', { object: ref, kernel }) }, code(document.names?.[0] ?? ref.slice(0, 12))));
  })), next ? el('p', { className: 'hint' }, `Of the newest ${most}.`) : ''];
}
