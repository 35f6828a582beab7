// The layouts of a type over the kernels of the archive.
import { el } from './dom.js';

export async function history() {
  return el('div');
}
