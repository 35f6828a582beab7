// A text field with suggestions (the combobox of the ARIA practices): arrows choose, Enter takes, Escape closes.
import { el } from './dom.js';

/** find: text => promise of strings; taken: called with the one that was chosen. */
export function suggests(input, list, { find, taken }) {
  let active = -1;
  let turn = 0;
  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    active = -1;
    input.ariaExpanded = 'false';
    input.removeAttribute('aria-activedescendant');
  }

  function mark(index) {
    options().forEach((option, i) => { option.ariaSelected = String(i === index); });
    active = index;
    const option = options()[index];
    if (!option) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  function take(text) {
    input.value = text;
    turn++;
    close();
    taken(text);
  }

  async function offer() {
    const mine = ++turn;
    const found = await find(input.value.trim());
    if (mine !== turn || document.activeElement !== input) return;
    list.replaceChildren(...found.map((text, i) => el('li', { id: `${list.id}-${i}`, role: 'option', ariaSelected: 'false',
      onpointerdown: event => { event.preventDefault(); take(text); } }, text)));
    active = -1;
    list.hidden = found.length === 0;
    input.ariaExpanded = String(found.length > 0);
  }

  input.addEventListener('input', offer);
  input.addEventListener('focus', offer);
  input.addEventListener('blur', () => { turn++; close(); });
  input.addEventListener('keydown', event => {
    if (list.hidden) return;
    const size = options().length;
    if (event.key === 'ArrowDown') mark((active + 1) % size);
    else if (event.key === 'ArrowUp') mark((active - 1 + size) % size);
    else if (event.key === 'Enter' && active >= 0) take(options()[active].textContent);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  return { close: () => { turn++; close(); } };
}
