// What opens over the page closes with Escape, and with a click elsewhere.

export function startPopups() {
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const open of document.querySelectorAll('details.pop[open]')) {
      const hadFocus = open.contains(document.activeElement);
      open.open = false;
      if (hadFocus) open.querySelector('summary').focus();
    }
  });
  document.addEventListener('click', event => {
    for (const open of document.querySelectorAll('details.pop[open]')) if (event.target.isConnected &&
      !open.contains(event.target)) open.open = false;
  });
}
