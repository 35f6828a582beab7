// A button for what cannot be undone.
import { button } from './dom.js';

/** The second click is the answer to a question; the button keeps its place. */
export function ask(words, really, action) {
  let asked = false;
  const element = button(words, () => {
    if (asked) return action();
    asked = true;
    element.textContent = really;
  }, 'small delete');
  element.addEventListener('blur', () => { asked = false; element.textContent = words; });
  return element;
}
