// Text to copy.
import { button, el } from './dom.js';

/** A button that copies a text. block: what is selected where the clipboard is closed to the page. */
export function copyButton(words, text, block = null) {
  const copy = button(words, async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      copy.textContent = 'Copied';
    } catch { // only secure pages may write to the clipboard; every page may select
      if (block) getSelection().selectAllChildren(block);
      copy.textContent = block ? 'Press Ctrl+C' : 'Not possible here';
    }
    setTimeout(() => { copy.textContent = words; }, 2000);
  }, 'small');
  copy.ariaLive = 'polite';
  return copy;
}

/** A block of text with a button that copies it. */
export function copyable(text, label) {
  const block = el('pre', { tabIndex: 0, ariaLabel: label, role: 'region' }, text);
  return el('div', { className: 'copyable' }, block, copyButton('Copy', text, block));
}

/** A word of a shell, as it stands. */
export const shellWord = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
