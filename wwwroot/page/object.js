// The object: a file of this computer, one that the service keeps (digest or tag), or a sample.
import { json, send } from './api.js';
import { hex } from './dom.js';
import { isOfKey } from './problem.js';

const samples = { sample: 'runqslower-mini.bpf.o', 'sample-broken': 'unguarded-mini.bpf.o' };

let current = null; // { name, ref, file, document }: with a ref the service has it, with a file this page has it

/** The object; null while there is none. */
export const object = () => current;

/** Opens what a link names. */
export async function openRef(ref) {
  if (current?.file && ref === 'file') return current; // not kept, so that it has no address
  if (current && (current.ref === ref || current.digest === ref)) return current;
  if (samples[ref]) {
    const file = await (await send(`samples/${samples[ref]}`, { accept: 'application/octet-stream' })).blob();
    return current = await offered(samples[ref], file, ref);
  }
  const document = await json(`v1/objects/${encodeURIComponent(ref)}`);
  return current = { name: document.name ?? document.names?.[0] ?? `${hex(document.sha256).slice(0, 12)}.bpf.o`, ref,
    digest: hex(document.sha256), file: null, document };
}

/** Takes a file; the service reads it, and keeps it under its digest so that links work. */
export const openFile = async file => (current = await offered(file.name, file, null));

async function offered(name, file, ref) {
  try {
    const document = await json('v1/objects', { method: 'POST', body: file });
    return { name, ref: ref ?? hex(document.sha256), digest: hex(document.sha256), file, document };
  } catch (error) {
    // Keeping may need a key although relocating does not: then the file is sent with each request.
    if (!isOfKey(error.problem)) throw error;
    return { name, ref, digest: null, file, document: null };
  }
}

/** The request for the object on one kernel: by its digest where the service keeps it, else with the file. */
export const relocation = (of, query) => of.digest
  ? { path: `v1/relocated/${of.digest}`, query }
  : { path: 'v1/relocations', method: 'POST', body: of.file, query: { ...query, name: of.name } };

/** The same for many kernels. */
export const manyKernels = (of, query) => of.digest
  ? { path: 'v1/compatibility', method: 'POST', query: { ...query, object: of.digest } }
  : { path: 'v1/compatibility', method: 'POST', body: of.file, query: { ...query, name: of.name } };

/** A relocated object is kept, although it would not be kept without a key: now links work. */
export async function isKept(of, sha256) {
  if (of.digest) return of;
  const document = await json(`v1/objects/${hex(sha256)}`).catch(() => null);
  if (document && current === of) current = { ...of, ref: of.ref ?? hex(sha256), digest: hex(sha256), document };
  return current;
}
