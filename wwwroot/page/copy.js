// A line to copy.
import { button, el } from './dom.js';

/** A block of text with a button that copies it. */
export function copyable(text, label) {
  const block = el('pre', { tabIndex: 0, ariaLabel: label, role: 'region' }, text);
  const done = el('span', { role: 'status', className: 'hint' });
  const copy = button('Copy', async () => {
    try {
      await navigator.clipboard.writeText(text);
      done.textContent = 'Copied.';
    } catch { // only secure pages may write to the clipboard; every page may copy a selection
      getSelection().selectAllChildren(block);
      done.textContent = 'Selected: press Ctrl+C.';
    }
  });
  return el('div', { className: 'copyable' }, block, el('div', { className: 'row' }, copy, done));
}

/** A word of a shell, as it stands. */
export const shellWord = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
