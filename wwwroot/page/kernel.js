// The choice of a kernel: suggestions while typing, and the service's interpretation of the text.
import { isAbort, json, problemOf } from './api.js';
import { $, bytes, code, el, whenIdle } from './dom.js';
import { problemCard, steps } from './problem.js';
import { suggests } from './suggest.js';

const offered = 12;
let looking = null;
let list = null;

/** What was typed, as parameters of a request. */
export const kernel = () => ({ kernel: $('kernel').value.trim(), distro: $('distro').value.trim(), version: $('version').value.trim(), arch: $('arch').value.trim() });

/** Fills the fields. */
export function setKernel({ kernel: text = '', distro = '', version = '', arch = '' }) {
  for (const [id, value] of Object.entries({ kernel: text, distro, version, arch })) $(id).value = value ?? '';
  $('narrow').open ||= Boolean(distro || version || arch);
}

export function startKernel() {
  list = suggests($('kernel'), $('kernel-list'), { find: suggestions, taken: explain });
  const later = whenIdle(explainIfWhole, 400);
  $('kernel').addEventListener('input', () => {
    forget();
    takeOsRelease();
    later();
  });
  for (const id of ['kernel', 'distro', 'version', 'arch']) $(id).addEventListener('change', explain);
}

/** Nothing is offered any more: the question was asked. */
export const closeSuggestions = () => list.close();

async function suggestions(text) {
  if (/\s/.test(text)) return []; // uname -a, not the beginning of a name
  const page = await json('v1/kernels', { query: { q: text, limit: offered, distro: $('distro').value.trim(), version: $('version').value.trim(), arch: $('arch').value.trim() } }).catch(() => null);
  const ids = page?.items.map(k => k.id) ?? []; // only a help: the field takes anything
  return ids.length === 1 && ids[0] === text ? [] : ids;
}

// A one-line field loses the line ends of pasted text; the names are found anyway.
function takeOsRelease() {
  const text = $('kernel').value;
  const value = name => new RegExp(`(?:^|\\s)${name}=(?:"([^"]*)"|'([^']*)'|(\\S*))`).exec(` ${text}`)?.slice(1).find(Boolean);
  const [distro, version] = [value('ID'), value('VERSION_ID')];
  if (!distro && !version) return;
  // The lines of os-release are NAME=value; any other text is the kernel.
  const rest = text.replace(/(?:^|\s)[A-Z][A-Z0-9_]*=(?:"[^"]*"|'[^']*'|\S*)/g, ' ').trim();
  setKernel({ ...kernel(), kernel: rest, distro: distro ?? '', version: version ?? '' });
  says(el('p', { className: 'hint' }, `Read os-release: ${[distro, version].filter(Boolean).join(' ')}. ${rest ? '' : 'Add the release, the output of uname -r.'}`));
}

// A name that is being typed would only give an error; a complete one, or pasted text, is explained immediately.
function explainIfWhole() {
  const text = $('kernel').value.trim();
  if (/\s/.test(text) || [...$('kernel-list').children].some(option => option.textContent === text || option.textContent.endsWith(`/${text}`))) explain();
}

function forget() {
  looking?.abort();
  says();
}

async function explain() {
  forget();
  const query = kernel();
  if (!query.kernel) return;
  const mine = looking = new AbortController();
  try {
    const found = await json('v1/kernels/resolve', { query, signal: mine.signal });
    if (looking !== mine) return;
    says(el('p', {}, '✓ ', code(found.id), el('span', { className: 'hint' }, ` · ${bytes(found.btfSizeBytes)} of BTF · from ${found.source}`)), steps(found.explanation));
  } catch (error) {
    if (!isAbort(error) && looking === mine) says(problemCard(problemOf(error), { onKernel: id => { setKernel({ kernel: id }); explain(); $('kernel').focus(); closeSuggestions(); } }));
  }
}

const says = (...children) => $('kernel-says').replaceChildren(...children.filter(Boolean));
