// The API key: stored for this tab only, sent with every request.
import { $ } from './dom.js';

const place = 'relo-api-key';

export const key = () => sessionStorage.getItem(place) ?? '';

/** Opens the field, for a caller that needs a key. */
export function askForKey() {
  $('access').open = true;
  $('key').focus();
}

/** onKey: called when a key is to be used. */
export function startAccess(onKey) {
  $('key').value = key();
  $('key').addEventListener('input', () => {
    const value = $('key').value.trim();
    if (value) sessionStorage.setItem(place, value); else sessionStorage.removeItem(place);
  });
  $('key-form').addEventListener('submit', event => {
    event.preventDefault();
    $('access').open = false;
    onKey();
  });
}
