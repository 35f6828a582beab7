// What the service keeps, read from its metrics and its health.
import { isAbort, send } from './api.js';
import { bytes, el, plural } from './dom.js';

export async function disk(place, signal) {
  try {
    const values = await metrics(signal);
    const health = await fetch('healthz/ready', { signal }).then(async answer => { await answer.text(); return answer.ok; }, () => false);
    const n = name => values.get(name) ?? 0;
    place.replaceChildren(`${plural(n('relo_kernels'), 'kernel')}, ${bytes(n('relo_kernels_size_bytes'))} of BTF on disk; `
      + `${plural(n('relo_objects_kept'), 'kept object')}, ${bytes(n('relo_objects_size_bytes'))}; `
      + `${bytes(n('relo_btf_open_bytes') + n('relo_results_size_bytes'))} in memory. `,
    health ? el('span', { className: 'tone same' }, 'Ready.') : el('span', { className: 'tone broken' }, 'Not ready.'));
  } catch (error) {
    if (!isAbort(error)) place.textContent = 'Size unknown: /metrics did not respond.';
  }
}

async function metrics(signal) {
  const values = parse(await (await send('metrics', { accept: 'text/plain', signal })).text());
  if (!values.has('relo_kernels')) throw new Error('no metrics');
  return values;
}

function parse(text) {
  const values = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{[^}]*\})? ([\d.eE+-]+)/.exec(line);
    if (match) values.set(match[1], (values.get(match[1]) ?? 0) + Number(match[2]));
  }
  return values;
}
