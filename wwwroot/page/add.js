// Adding a kernel: an upload with progress, and the choice to replace a kernel that has different BTF.
import { isAbort, problemOf, upload } from './api.js';
import { $, button, bytes, code, el, progress } from './dom.js';
import { problemCard } from './problem.js';

let sending = null;

/** onAdded: called with the kernel. */
export function startAdd(onAdded) {
  $('add-form').addEventListener('submit', event => {
    event.preventDefault();
    send(false, onAdded);
  });
  $('add-cancel').addEventListener('click', () => sending?.abort());
}

async function send(replace, onAdded) {
  const file = $('add-file').files[0];
  $('add-status').replaceChildren();
  if (!file) return $('add-status').replaceChildren(problemCard({ title: 'Which file?', detail: 'Choose a file that contains the BTF.' }));
  const given = Object.fromEntries(['distro', 'version', 'arch', 'release'].map(name => [name, $('add-form').elements[name].value.trim()]));
  const bar = progress('Upload');
  sending = new AbortController();
  busy(true);
  $('add-progress').replaceChildren(bar.element);
  try {
    const { isNew, body } = await upload('v1/kernels', file, {
      query: { ...given, replace: replace ? 'true' : '' }, signal: sending.signal,
      onProgress: (done, total) => bar.set(done, total, done < total ? `${bytes(done)} of ${bytes(total)}` : 'Sent; the service is reading it…'),
    });
    $('add-status').replaceChildren(el('p', {}, '✓ ', code(body.id), isNew ? ' is in the archive.' : ' was there already, with the same BTF.'));
    onAdded(body);
  } catch (error) {
    if (isAbort(error)) return $('add-status').replaceChildren(el('p', {}, 'Cancelled.'));
    const problem = problemOf(error);
    $('add-status').replaceChildren(problemCard(problem), problem.code === 'kernel-conflict' ? button('Replace it', () => send(true, onAdded)) : '');
  } finally {
    $('add-progress').replaceChildren();
    busy(false);
  }
}

function busy(is) {
  $('add-go').disabled = is;
  $('add-cancel').hidden = !is;
}
