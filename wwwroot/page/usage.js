// The service's disk and memory use, read from its Prometheus metrics.
import { send } from './api.js';
import { bytes, el, plural } from './dom.js';

/** The numbers of /metrics by name, those with the same name added up. */
export function parse(text) {
  const values = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{[^}]*\})? ([\d.eE+-]+)/.exec(line);
    if (match) values.set(match[1], (values.get(match[1]) ?? 0) + Number(match[2]));
  }
  return values;
}

const rows = [
  ['On disk', 'kernel', 'relo_kernels', 'relo_kernels_size_bytes', 'their BTF, each stored once'],
  ['On disk', 'object', 'relo_objects_kept', 'relo_objects_size_bytes', 'uploaded; unused ones without a tag are removed'],
  ['In memory', 'opened kernels', null, 'relo_btf_open_bytes', 'BTF that is mapped and indexed'],
  ['In memory', 'relocation', 'relo_results_kept', 'relo_results_size_bytes', 'cached results'],
  ['In memory', 'packed kernel', 'relo_packed_kept', 'relo_packed_size_bytes', 'for /api/v1/download'],
];

/** How many kernels there are. */
export const kernelsKept = async () => parse(await (await send('metrics', { accept: 'text/plain' })).text()).get('relo_kernels') ?? 0;

/** The numbers as a table. */
export async function usage() {
  const values = parse(await (await send('metrics', { accept: 'text/plain' })).text());
  const shown = rows.filter(([, , number, size]) => values.has(size) || values.has(number));
  return el('div', { className: 'usage' }, shown.map(([where, what, number, size, why]) => el('div', { className: 'stat' },
    el('div', { className: 'soft' }, `${where}: ${number ? plural(values.get(number) ?? 0, what) : what}`),
    el('div', { className: 'big' }, bytes(values.get(size) ?? 0)),
    el('div', { className: 'hint' }, why))));
}
