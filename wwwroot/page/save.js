// Downloading a file.
import { el } from './dom.js';

const kept = 60_000; // milliseconds; long enough for the browser to start

/** Saves an answer of the service as a file: a plain link could not send the API key. */
export async function save(answer, name) {
  const address = URL.createObjectURL(await answer.blob());
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), kept);
}
