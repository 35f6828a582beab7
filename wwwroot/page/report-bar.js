// The bar that stays: object → kernel, the verdict, what to take away. It has its full height from the beginning.
import { copyButton } from './copy.js';
import { bytes, count, el, hex, plural, shortDigest } from './dom.js';
import { curlDrawer, downloadMenu } from './report-downloads.js';
import { kernelBox } from './kernel-box.js';
import { link } from './routes.js';
import { shapes } from './verdict.js';

const pop = (title, ...inside) => el('details', { className: 'pop chip' }, el('summary', {}, title), el('div', { className: 'popup left' }, ...inside));

export function reportBar({ kernel, name, onFile, onKernel }) {
  const objectName = el('span', { className: 'clip' }, name);
  const contents = el('div');
  const file = el('input', { type: 'file', className: 'unseen', id: 'other-file', onchange: event => event.target.files[0] && onFile(event.target.files[0]) });
  const objectChip = pop([el('span', { className: 'soft' }, 'object '), objectName], contents, el('div', { className: 'row drop-inline' }, file, el('label', { htmlFor: file.id, className: 'button' }, 'Choose another file')));

  const box = kernelBox({ value: kernel, onChosen: id => onKernel(id) });
  const kernelName = el('span', { className: 'clip' }, kernel || 'choose a kernel');
  const form = el('form', { onsubmit: event => { event.preventDefault(); box.close(); onKernel(box.query()); } }, box.element, el('div', { className: 'row' }, el('button', {}, 'Use this kernel'), el('a', { href: '#/archive' }, 'All kernels')));
  const kernelChip = pop([el('span', { className: 'soft' }, 'kernel '), kernelName], form);
  // At once, not when the browser says that it has opened: what is typed right after the click belongs to the field.
  kernelChip.querySelector('summary').addEventListener('click', event => {
    event.preventDefault();
    kernelChip.open = !kernelChip.open;
    if (kernelChip.open) { box.input.focus(); box.input.select(); }
  });

  const verdict = el('h1', { className: 'bar-verdict', tabIndex: -1, ariaLive: 'polite' });
  const actions = el('div', { className: 'row bar-actions' });
  const drawer = el('div', { className: 'drawer', hidden: true });

  // All of it anew: a text that moves aside for a longer word would be a shift.
  const says = (tone, shape, text, more = '') => verdict.replaceChildren(el('span', { className: `mark ${tone}`, ariaHidden: 'true' }, shape), el('b', { className: tone }, text), ' ', el('span', {}, more));
  says('same', '…', 'Opening');

  return {
    element: el('div', { className: 'bar-place' }, el('div', { className: 'bar' }, el('div', { className: 'bar-what' }, objectChip, el('span', { className: 'soft', ariaHidden: 'true' }, '→'), kernelChip), actions, verdict), drawer),
    says,
    setObject(of) {
      objectName.textContent = of.name;
      const share = link('many', { object: of.ref });
      contents.replaceChildren(...about(of), el('p', {}, el('a', { href: share }, 'Check it on all kernels')));
    },
    setReport(report, of, { tone, word: text, sentence: more }) {
      kernelName.textContent = report.kernel.id;
      if (!kernelChip.open) box.set(report.kernel.id); // somebody is choosing another one already
      says(tone, shapes[text], text, more);
      const curl = curlDrawer(of, report.kernel.id);
      const toggle = el('button', { type: 'button', className: 'small', ariaExpanded: 'false', onclick: () => { drawer.hidden = !drawer.hidden; toggle.ariaExpanded = String(!drawer.hidden); } }, 'curl');
      drawer.replaceChildren(curl);
      actions.replaceChildren(downloadMenu(report, of, tone), copyButton('Share', () => location.href), toggle);
    },
    askForKernel() {
      says('same', '?', 'Which kernel?', 'Choose one above: type its release, or paste uname -a.');
      kernelChip.open = true;
      box.input.focus();
      return el('p', { className: 'empty' }, 'The report follows when a kernel is chosen.');
    },
  };
}

// What is in the object, without any kernel.
function about({ name, file, digest, document }) {
  const o = document?.object;
  return [
    el('p', {}, el('b', { className: 'code' }, name)),
    el('p', { className: 'hint' }, bytes(document?.sizeBytes ?? file?.size ?? 0), digest ? [', sha256 ', el('code', { title: digest }, `${shortDigest(hex(digest))}…`)] : ''),
    o ? el('p', { className: 'hint' }, `${plural(o.programs.length, 'program')}, ${plural(o.maps.length, 'map')}, ${plural(o.relocations.length, 'CO-RE record')}, ${plural(o.localTypes.length, 'kernel type')}, ${o.byteOrder}-endian${o.license ? `, licence ${o.license}` : ''}`) : '',
    o ? el('details', {}, el('summary', {}, 'Programs and maps'), el('ul', { className: 'evidence' },
      o.programs.map(p => el('li', {}, el('code', {}, p.name), el('span', { className: 'hint' }, ` ${p.section}, ${p.type}, ${count(p.instructions)} instructions${p.optional ? ', loaded on request' : ''}`))),
      o.maps.map(m => el('li', {}, el('code', {}, m.name), el('span', { className: 'hint' }, ` map, ${m.type ?? ''}${m.maxEntries ? `, ${count(m.maxEntries)} entries` : ''}`))))) : '',
  ];
}
