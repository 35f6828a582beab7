// Text to copy.
import { button, el } from './dom.js';

/** A button that copies a text, or what a function returns. block: what is selected where the clipboard is closed to the page. */
export function copyButton(words, text, block = null) {
  const copy = button(words, async () => {
    try {
      await toClipboard(typeof text === 'function' ? await text() : text);
      copy.textContent = 'Copied';
    } catch { // not allowed; selecting always is
      if (block) getSelection().selectAllChildren(block);
      copy.textContent = block ? 'Press Ctrl+C' : 'Not possible here';
    }
    setTimeout(() => { copy.textContent = words; }, 2000);
  }, 'small');
  copy.ariaLive = 'polite';
  return copy;
}

// Only pages over HTTPS or from this machine have the clipboard itself.
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = el('textarea', { value: text, className: 'unseen' });
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('the browser refused');
}

/** A block of text with a button that copies it. */
export function copyable(text, label) {
  const block = el('pre', { tabIndex: 0, ariaLabel: label, role: 'region' }, text);
  return el('div', { className: 'copyable' }, block, copyButton('Copy', text, block));
}

/** A word of a shell, as it stands. */
export const shellWord = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
