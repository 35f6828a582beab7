// What Swagger UI leaves unnamed: fields without a label, and examples that only a mouse can scroll.
const name = (selector, words) => {
  for (const element of document.querySelectorAll(`${selector}:not([aria-label])`)) element.ariaLabel = words(element);
};

const row = element => element.closest('tr')?.querySelector('.parameter__name, .response-col_status')?.textContent.trim() ?? '';

function mend() {
  const home = document.querySelector('.swagger-ui .topbar .link'); // not to the site of Swagger
  if (home && home.getAttribute('href') !== '../') Object.assign(home, { href: '../', ariaLabel: 'Relo' });
  name('.swagger-ui input[type=file]', element => `File for ${row(element).replace(/\s*\*.*$/, '') || 'the body'}`);
  name('.swagger-ui .examples-select-element', element => `Example ${row(element)}`.trim());
  name('.swagger-ui .parameters-col_description select:not(.content-type):not(.examples-select-element)', row);
  name('.swagger-ui .content-type', () => 'Media type');
  name('.swagger-ui .body-param__text', () => 'Body');
  for (const code of document.querySelectorAll('.swagger-ui :is(.microlight, .curl):not([tabindex])')) code.tabIndex = 0;
}

new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true });
