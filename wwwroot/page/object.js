// The current object: chosen, dropped, the sample, or one that the service stores; and its contents.
import { json, problemOf, send } from './api.js';
import { contents } from './contents.js';
import { $, bytes, el, hex } from './dom.js';
import { isOfKey, problemCard } from './problem.js';

const sampleUrl = 'samples/runqslower-mini.bpf.o';

/** How a link names the sample: it is always there, whatever the service keeps. */
export const sampleRef = 'sample';

let current = null; // { name, file, ref, document }
let asked = 0;
const watchers = [];

/** The object; null while there is none. */
export const object = () => current;

/** Calls back whenever there is another one. */
export const onObject = watcher => watchers.push(watcher);

export function startObject() {
  $('file').addEventListener('change', () => {
    if ($('file').files[0]) choose($('file').files[0].name, $('file').files[0]);
    $('file').value = ''; // the same file, recompiled, is a new choice
  });
  $('sample').addEventListener('click', () => openRef(sampleRef));
  const drop = $('object');
  const over = event => { event.preventDefault(); drop.classList.add('over'); };
  const out = () => drop.classList.remove('over');
  drop.addEventListener('dragenter', over);
  drop.addEventListener('dragover', over);
  drop.addEventListener('dragleave', out);
  drop.addEventListener('drop', event => {
    event.preventDefault();
    out();
    const file = event.dataTransfer.files[0];
    if (file) choose(file.name, file);
  });
}

/** Opens the object a link names: the sample, a digest or a tag. */
export async function openRef(ref) {
  if (current?.ref === ref) return;
  const turn = begin('Fetching the object…');
  try {
    const path = `v1/objects/${encodeURIComponent(ref)}`;
    const document = ref === sampleRef ? null : await json(path);
    const file = await (await send(ref === sampleRef ? sampleUrl : `${path}/file`, { accept: 'application/octet-stream' })).blob();
    if (turn !== asked) return;
    const name = document ? document.name ?? `${hex(document.sha256).slice(0, 12)}.bpf.o` : sampleUrl.split('/').pop();
    if (document) done({ name, file, ref: hex(document.sha256), document });
    else await keep(turn, name, file, sampleRef);
  } catch (error) {
    if (turn === asked) failed(error);
  }
}

async function choose(name, file) {
  const turn = begin(`Reading ${name}…`);
  try {
    await keep(turn, name, file, null);
  } catch (error) {
    if (turn === asked) failed(error);
  }
}

// The service reads it and stores it under its digest, so that links to a report work.
async function keep(turn, name, file, ref) {
  try {
    const document = await json('v1/objects', { method: 'POST', body: file });
    if (turn === asked) done({ name, file, ref: ref ?? hex(document.sha256), document });
  } catch (error) {
    if (!isOfKey(error.problem)) throw error;
    // Storing may need a key although relocating does not: then the contents are shown with the report.
    if (turn === asked) done({ name, file, ref, document: null });
  }
}

/** The service has the object now, although it would not keep it without a key: it was relocated. */
export async function objectIsKept(sha256) {
  if (!current || current.document) return;
  const of = current;
  const document = await json(`v1/objects/${hex(sha256)}`).catch(() => null);
  if (!document || current !== of) return;
  current = { ...of, ref: of.ref ?? hex(sha256), document };
  show();
}

function begin(words) {
  $('object-status').replaceChildren(el('p', { className: 'hint' }, words));
  return ++asked;
}

function done(object) {
  current = object;
  show();
  for (const watcher of watchers) watcher(current);
}

function show() {
  const { name, file, document } = current;
  $('object-status').replaceChildren(el('p', { className: 'chosen' }, el('strong', {}, name), ` ${bytes(file.size)}`,
    document ? '' : el('span', { className: 'hint' }, ' · This service keeps objects only for callers whose key allows it. The contents of this one are shown after it is relocated.')));
  $('contents').replaceChildren(...document ? contents(document) : []);
}

function failed(error) {
  current = null;
  $('object-status').replaceChildren(problemCard(problemOf(error)));
  $('contents').replaceChildren();
  for (const watcher of watchers) watcher(null);
}
