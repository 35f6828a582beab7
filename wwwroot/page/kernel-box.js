// The choice of a kernel: a field with suggestions that takes anything people paste, and how the service reads it.
import { isAbort, json, problemOf } from './api.js';
import { bytes, code, el, whenIdle } from './dom.js';
import { osRelease } from './os-release.js';
import { suggests } from './suggest.js';

const offered = 12;
const pasted = 'Also: dmesg, os-release, a package name, an id, buildid:…, or sha256:… of the BTF.';
let boxes = 0;

/** onChosen: called when a kernel was chosen by Enter or click. withHint: whether it says what can be pasted while it is empty. */
export function kernelBox({ label = 'Kernel', value = '', onChosen = () => {}, withHint = false } = {}) {
  const hint = withHint ? pasted : '';
  const id = `kernel${++boxes}`;
  const input = el('input', { id, autocomplete: 'off', spellcheck: false, placeholder: 'uname -r, or paste uname -a', value });
  const list = el('ul', { id: `${id}-list`, role: 'listbox', className: 'list', hidden: true, tabIndex: -1 });
  list.ariaLabel = 'Kernels in the archive';
  const says = el('div', { id: `${id}-says`, className: 'kernel-says', role: 'status' }, hint);
  const aria = { 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list', 'aria-describedby': says.id };
  for (const [name, text] of Object.entries({ role: 'combobox', autocapitalize: 'off', ...aria })) input.setAttribute(name, text);
  let looking = null;
  let narrowed = {};

  const chooser = suggests(input, list, { find: suggestions, taken: text => { narrowed = {}; explain(); onChosen(text); } });
  const later = whenIdle(explain, 400);
  input.addEventListener('input', () => {
    looking?.abort();
    says.replaceChildren();
    narrowed = {};
    const node = osRelease(input.value);
    if (node) {
      input.value = node.kernel;
      narrowed = { distro: node.distro, version: node.version };
    }
    later();
  });

  async function suggestions(text) {
    if (/\s/.test(text)) return []; // uname -a, not the beginning of a name
    const page = await json('v1/kernels', { query: { q: text, limit: offered } }).catch(() => null);
    const ids = page?.items.map(kernel => kernel.id) ?? []; // only a help: the field takes anything
    return ids.length === 1 && ids[0] === text ? [] : ids;
  }

  // Explains a whole name; while one is being typed, an error would only disturb.
  async function explain() {
    looking?.abort();
    const text = input.value.trim();
    const node = [narrowed.distro, narrowed.version].filter(Boolean).join(' ');
    if (!text) return says.replaceChildren(node ? `os-release says ${node}. Add the release: the output of uname -r.` : hint);
    const mine = looking = new AbortController();
    try {
      const found = await json('v1/kernels/resolve', { query: box.query(), signal: mine.signal });
      says.replaceChildren(el('span', {}, '✓ ', code(found.id), ` · ${bytes(found.btfSizeBytes)} of BTF`));
    } catch (error) {
      if (isAbort(error) || looking !== mine) return;
      const problem = problemOf(error);
      says.replaceChildren(/\s/.test(text) || !list.childElementCount ? problem.detail ?? problem.title : '');
    }
  }

  const box = {
    element: el('div', { className: 'kernel-box' }, el('label', { htmlFor: id }, label), input, list, says),
    input,
    query: () => ({ kernel: input.value.trim(), ...narrowed }),
    set: text => { input.value = text; narrowed = {}; },
    close: chooser.close,
  };
  return box;
}
