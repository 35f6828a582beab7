// The start: an object, a kernel, one button.
import { problemOf } from './api.js';
import { coverage } from './coverage.js';
import { $, bytes, el, plural } from './dom.js';
import { kernelBox } from './kernel-box.js';
import { object, openFile } from './object.js';
import { problemCard } from './problem.js';
import { go } from './routes.js';

let box = null;
let turn = 0;
let reading = Promise.resolve(); // of the file that was chosen last

export function startStart() {
  box = kernelBox({ withHint: true });
  $('ask-kernel').replaceWith(box.element);
  const take = file => { reading = choose(file); };
  takesDrops($('ask-object'), take);
  $('file').addEventListener('change', () => $('file').files[0] && take($('file').files[0]));
  if ($('file').files[0]) take($('file').files[0]); // chosen before this script was here
  $('ask').addEventListener('submit', event => {
    event.preventDefault();
    box.close();
    ask('relocate');
  });
  $('ask-many').addEventListener('click', () => ask('many'));
  archiveLine();
}

/** Files dropped on the element. */
export function takesDrops(element, take) {
  const over = event => { event.preventDefault(); element.classList.add('over'); };
  element.addEventListener('dragenter', over);
  element.addEventListener('dragover', over);
  element.addEventListener('dragleave', () => element.classList.remove('over'));
  element.addEventListener('drop', event => {
    event.preventDefault();
    element.classList.remove('over');
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}

async function choose(file) {
  const mine = ++turn;
  $('file-name').textContent = file.name;
  $('ask-hint').textContent = 'Reading it…';
  $('ask-problem').replaceChildren();
  try {
    const { document } = await openFile(file);
    if (mine !== turn) return;
    $('ask-object').classList.add('has-file');
    $('ask-hint').textContent = `${bytes(file.size)} · ${document ? contentsOf(document.object) : 'not stored: that needs a key'}`;
  } catch (error) {
    if (mine !== turn) return;
    $('ask-object').classList.remove('has-file');
    $('file-name').textContent = 'Choose a BPF object';
    $('ask-hint').textContent = `${file.name} was not accepted.`;
    $('ask-problem').replaceChildren(problemCard(problemOf(error)));
  }
  $('file').value = ''; // the same file, recompiled, is a new choice
}

const contentsOf = object => `${plural(object.programs.length, 'program')}, ${plural(object.relocations.length, 'CO-RE relocation')}`;

// The file may still be on its way.
async function ask(view) {
  const kernel = box.query();
  await reading;
  const lacks = !object() ? 'Choose an object first.' : view === 'relocate' && !kernel.kernel
    ? 'Which kernel? Type its release, or paste uname -a.' : '';
  $('ask-status').textContent = lacks;
  if (lacks) return (object() ? box.input : $('file')).focus();
  go(view, { object: object().ref, ...view === 'relocate' ? kernel : {} });
}

async function archiveLine() {
  const all = await coverage({}).catch(() => null);
  if (!all) return;
  const distros = new Set(all.items.map(item => item.distro));
  $('start-archive').replaceChildren(`The archive has ${plural(all.kernels, 'kernel')} from ${plural(distros.size, 'distribution')}. `,
    el('a', { href: '#/archive' }, 'See which'), ', or ', el('a', { href: '#/archive?add=1' }, 'add your own'), '.');
}
