// All data is untrusted: it enters the page only as text nodes and properties, never as markup.

export const $ = id => document.getElementById(id);

const isShown = child => child !== '' && child !== null && child !== undefined && child !== false;

/** An element with properties and children; empty children are left out. */
export function el(tag, properties = {}, ...children) {
  const { data, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (data) Object.assign(element.dataset, data);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

/** An element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const code = text => el('code', {}, text);

export const button = (text, onclick, className = '') => el('button', { type: 'button', className, onclick }, text);

/** A word in the colour of what it means. */
export const tone = (kind, ...text) => el('span', { className: `tone ${kind}` }, ...text);

export const count = n => n.toLocaleString('en');

/** 1 field, 2 fields. */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Bytes as people read them: 812 bytes, 5.3 MiB. */
export function bytes(n) {
  if (n < 1024) return plural(n, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let size = n / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) { size /= 1024; unit++; }
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

export const hex = digest => digest.replace(/^sha256:/, '');

export const shortDigest = digest => hex(digest).slice(0, 12);

/** The end of a path; the whole of it belongs into a tooltip. */
export const fileName = path => path.slice(path.lastIndexOf('/') + 1);

/** Runs once the user has paused, and not after the view was left, whose address it might change. */
export function whenIdle(run, milliseconds, signal = null) {
  let timer = 0;
  signal?.addEventListener('abort', () => clearTimeout(timer));
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), milliseconds);
  };
}

/** A bar that fills; without a maximum it only says that something goes on. */
export function progress(label) {
  const bar = el('progress', { ariaLabel: label });
  const text = el('span', { className: 'hint' });
  const element = el('div', { className: 'progress' }, bar, text);
  return {
    element,
    set(done, total, words) {
      if (total > 0) Object.assign(bar, { max: total, value: Math.min(done, total) });
      text.textContent = words;
    },
  };
}
