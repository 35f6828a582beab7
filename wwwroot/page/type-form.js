// What is looked for, and on which kernel.
import { el } from './dom.js';
import { kernelBox } from './kernel-box.js';

/** onFind: called with Enter. onKernel: called when a kernel was chosen. */
export function typeForm(q, kernel, { onFind, onKernel }) {
  const search = el('input', {
    type: 'search', id: 'type-q', value: q, placeholder: 'task_struct, sk_buff.head, tcp_v4_connect …', autocomplete: 'off',
    spellcheck: false,
  });
  const box = kernelBox({ label: 'On kernel', value: kernel, onChosen: onKernel });
  const element = el('form', { className: 'type-form', onsubmit: event => { event.preventDefault(); box.close(); onFind(); } },
    el('div', {}, el('label', { htmlFor: search.id }, 'Find a type, field, function or enumerator'),
      el('div', { className: 'row nowrap' }, search, el('button', {}, 'Find')),
      el('p', { className: 'hint' }, 'Enter opens the type with exactly this name. Case matters, as in C.')),
    box.element);
  return {
    element,
    search,
    text: () => search.value.trim(),
    kernel: () => box.query(),
    show: id => { if (!box.input.value) box.set(id); },
  };
}
