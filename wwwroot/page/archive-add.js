// Adding a kernel: a drop, an upload with progress, and the choice to replace a kernel that has different BTF.
import { isAbort, problemOf, upload } from './api.js';
import { button, bytes, code, el, progress } from './dom.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { takesDrops } from './start.js';

const architectures = ['x86_64', 'aarch64', 'arm64', 'riscv64', 's390x', 'ppc64le', 'armv7l', 'i686'];
const fields = [['distro', 'Distribution', 'custom'], ['version', 'Version', 'local'], ['arch', 'Architecture', 'x86_64'],
  ['release', 'Release, or uname -a', 'uname -r']];

// The text of uname -a names the architecture too.
function named(given) {
  const words = given.release.split(/\s+/);
  if (words.length === 1) return given;
  return { ...given, release: words.find(word => /^\d+\.\d+/.test(word)) ?? given.release, arch: given.arch ||
    words.find(word => architectures.includes(word)) };
}

/** onAdded: called with the kernel. */
export function addKernel({ signal, onAdded }) {
  const input = el('input', { type: 'file', id: 'add-file', className: 'unseen', onchange: () => input.files[0] && send(input.files[0]) });
  const drop = el('div', { className: 'drop' }, input, el('label', { htmlFor: input.id }, 'Choose a kernel file'),
    el('p', { className: 'hint' }, 'or drop it here: ', code('/sys/kernel/btf/vmlinux'),
      ', vmlinux, bzImage, a package (.deb, .rpm), a .btf.tar.xz of BTFHub, or a module (.ko)'));
  const form = el('form', { className: 'add-fields', onsubmit: event => { event.preventDefault(); if (last) send(last); } },
    fields.map(([name, label, placeholder]) =>
    el('div', {}, el('label', { htmlFor: `add-${name}` }, label), el('input',
      { id: `add-${name}`, name, placeholder, autocomplete: 'off', spellcheck: false }))), el('button', {}, 'Upload again'));
  const status = el('div', { className: 'add-status', role: 'status' });
  const element = el('section', { className: 'panel add', hidden: true, ariaLabel: 'Add a kernel' }, drop,
    el('details', {}, el('summary', {}, 'Name of the kernel, if the file does not contain it'), form), status);
  takesDrops(drop, file => send(file));

  let last = null; // for another try, with a name
  async function send(file, replace = false) {
    last = file;
    const given = named(Object.fromEntries(fields.map(([name]) => [name, form.elements[name].value.trim()])));
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort());
    const bar = progress('Upload');
    bar.element.append(button('Cancel', () => stop.abort(), 'small'));
    status.replaceChildren(bar.element);
    try {
      const { isNew, body } = await upload('v1/kernels', file, {
        query: { ...given, replace: replace ? 'true' : '' }, signal: stop.signal,
        onProgress: (done, total) => bar.set(done, total, done < total ? `${bytes(done)} of ${bytes(total)}`
          : 'Uploaded; the service is reading it…'),
      });
      status.replaceChildren(el('p', {}, '✓ ', el('a', { className: 'code', href: routes.link('types', { kernel: body.id }) }, body.id),
        isNew ? ' is in the archive.' : ' was already in the archive, with the same BTF.'));
      onAdded(body);
    } catch (error) {
      if (isAbort(error)) return status.replaceChildren(el('p', {}, 'Cancelled.'));
      const problem = problemOf(error);
      status.replaceChildren(problemCard(problem), problem.code === 'kernel-conflict' ? button('Replace it', () => send(file, true)) : '');
      if (problem.code !== 'invalid-kernel') return;
      element.querySelector('details').open = true; // it needs a name
      form.elements.release.focus();
    } finally {
      input.value = ''; // the same file, with a name, is a new choice
    }
  }

  return { element, show: () => { element.hidden = false; input.focus(); } };
}
