// The bar that stays: object → kernel, the verdict, what to take away. It has its full height from the beginning.
import { copyButton } from './copy.js';
import { el } from './dom.js';
import { kernelBox } from './kernel-box.js';
import { objectChip } from './object-chip.js';
import { curlDrawer, downloadMenu } from './report-downloads.js';
import { link } from './routes.js';
import { shapes } from './verdict.js';

export function reportBar({ kernel, name, onFile, onKernel }) {
  const chip = objectChip({ name, onFile, href: tag => link('relocate', { object: tag, kernel }) });
  const box = kernelBox({ value: kernel, onChosen: id => onKernel(id) });
  const kernelChip = kernelChooser(kernel, box, onKernel);
  const verdict = el('h1', { className: 'bar-verdict', tabIndex: -1, ariaLive: 'polite' });
  const actions = el('div', { className: 'row bar-actions' });
  const drawer = el('div', { className: 'drawer', hidden: true });

  // All of it anew: a text that moves aside for a longer word would be a shift.
  const says = (tone, shape, text, more = '') => verdict.replaceChildren(
    el('span', { className: `mark ${tone}`, ariaHidden: 'true' }, shape), el('b', { className: tone }, text), ' ', el('span', {}, more));
  says('same', '…', 'Opening');

  return {
    element: el('div', { className: 'bar-place' }, el('div', { className: 'bar' },
      el('div', { className: 'bar-what' }, chip.element, el('span', { className: 'soft', ariaHidden: 'true' }, '→'), kernelChip.element),
        actions, verdict), drawer),
    says,
    setObject(of) {
      chip.set(of, el('p', {}, el('a', { href: link('many', { object: of.ref }) }, 'Check it on all kernels')));
    },
    setReport(report, of, { tone, word, sentence }) {
      kernelChip.show(report.kernel.id);
      if (!kernelChip.element.open) box.set(report.kernel.id); // somebody is choosing another one already
      says(tone, shapes[word], el('a', { className: tone, href: 'docs/relocate#verdicts', title: 'What the verdicts mean' }, word),
        sentence);
      drawer.replaceChildren(curlDrawer(of, report.kernel.id));
      actions.replaceChildren(downloadMenu(report, of, tone), copyButton('Share', () => location.href), curlToggle(drawer));
    },
    askForKernel() {
      says('same', '?', 'Which kernel?', 'Choose one above: type its release, or paste uname -a.');
      kernelChip.element.open = true;
      box.input.focus();
      return el('p', { className: 'empty' }, 'Choose a kernel to see the report.');
    },
  };
}

function kernelChooser(kernel, box, onKernel) {
  const name = el('span', { className: 'kernel-name' });
  // The release is what tells kernels apart: where room is scarce, what is before it is cut.
  const show = id => {
    const at = id.lastIndexOf('/') + 1;
    name.replaceChildren(el('span', { className: 'clip' }, id.slice(0, at)),
      el('span', { className: 'clip release' }, id.slice(at) || 'choose a kernel'));
  };
  show(kernel);
  const form = el('form', { onsubmit: event => { event.preventDefault(); box.close(); onKernel(box.query()); } },
    box.element, el('div', { className: 'row' }, el('button', {}, 'Use this kernel'), el('a', { href: '#/archive' }, 'All kernels')));
  const summary = el('summary', {}, el('span', { className: 'soft' }, 'kernel '), name);
  const element = el('details', { className: 'pop chip' }, summary, el('div', { className: 'popup left' }, form));
  // At once, not when the browser says that it has opened: what is typed right after the click belongs to the field.
  summary.addEventListener('click', event => {
    event.preventDefault();
    element.open = !element.open;
    if (element.open) { box.input.focus(); box.input.select(); }
  });
  return { element, show };
}

function curlToggle(drawer) {
  const toggle = el('button', { type: 'button', className: 'small', ariaExpanded: 'false', onclick: () => {
    drawer.hidden = !drawer.hidden;
    toggle.ariaExpanded = String(!drawer.hidden);
  } }, 'curl');
  return toggle;
}
