// Search over the pages of the user guide: fetched once, when the search field is first used.
import { $, el } from '../page/dom.js';

const input = $('search');
const list = $('results');
const most = 12; // results shown
let loading; // all sections, after the first search
let sections;

/** All sections of all pages: address, page, heading, text. */
async function load() {
  const addresses = [...document.querySelectorAll('aside nav > ul > li > a')].map(a => a.href);
  const pages = await Promise.all(addresses.map(async address => {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return split(address, new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('article'));
  }));
  return pages.flat();
}

function split(address, article) {
  article.querySelectorAll('.anchor').forEach(anchor => anchor.remove());
  const page = article.querySelector('h1').textContent;
  const found = [];
  for (const part of article.children) {
    if (/^H[123]$/.test(part.tagName)) found.push({ address: part.tagName === 'H1' ? address : `${address}#${part.id}`, page,
      heading: part.textContent, text: '' });
    else found.at(-1).text += ` ${part.textContent}`;
  }
  return found.map(section => ({ ...section, text: section.text.replace(/\s+/g, ' ').trim() }));
}

/** The sections that have every word, those that have them in their heading first. */
function matches(words) {
  const score = ({ page, heading, text }) => {
    const [title, head, body] = [page, heading, text].map(t => t.toLowerCase());
    if (!words.every(w => title.includes(w) || head.includes(w) || body.includes(w))) return 0;
    return words.reduce((sum, w) => sum + 1 + (head.includes(w) ? 8 : 0) + (title.includes(w) ? 4 : 0) + Math.min(body.split(w).length - 1,
      3), 0);
  };
  return sections.map(section => ({ section, score: score(section) })).filter(s => s.score > 0).sort((a, b) => b.score - a.score).map(s =>
    s.section);
}

/** The text around the first word, with the words marked. */
function excerpt(text, words) {
  const first = Math.min(...words.map(w => text.toLowerCase().indexOf(w)).filter(at => at >= 0), text.length);
  const from = Math.max(0, first === text.length ? 0 : first - 40);
  const shown = text.slice(from, from + 140);
  const pattern = new RegExp(`(${words.map(w => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'i');
  return [from > 0 && '… ', ...shown.split(pattern).map((part, i) => i % 2 ? el('mark', {}, part) : part), from + 140 < text.length &&
    ' …'];
}

function show(words) {
  const found = words.length ? matches(words) : [];
  $('found').textContent = words.length ? `${found.length} results` : '';
  list.replaceChildren(...found.slice(0, most).map(({ address, page, heading, text }) =>
    el('li', {}, el('a', { href: address, onclick: close }, el('b', {}, page === heading ? page : `${page}: ${heading}`),
      el('span', {}, excerpt(text, words))))));
  if (words.length && !found.length) list.append(el('li', {}, el('span', {}, `No page has ${words.join(' and ')}.`)));
  list.hidden = !words.length;
}

const close = () => { list.hidden = true; };

async function search() {
  try {
    sections = await (loading ??= load());
  } catch (failure) {
    loading = undefined;
    list.replaceChildren(el('li', {}, el('span', {}, `The pages could not be searched: ${failure.message}.`)));
    list.hidden = false;
    return;
  }
  show(input.value.toLowerCase().split(/\s+/).filter(Boolean)); // the current value, after the wait
}

input.addEventListener('input', search);
input.addEventListener('focus', () => { if (input.value) search(); });
input.form.addEventListener('submit', event => {
  event.preventDefault();
  list.querySelector('a')?.click();
});

document.addEventListener('keydown', event => {
  if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    input.focus();
  } else if (event.key === 'Escape' && !list.hidden) {
    close();
    input.focus();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !list.hidden && input.form.contains(document.activeElement)) {
    event.preventDefault();
    const stops = [input, ...list.querySelectorAll('a')];
    stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
  }
});

document.addEventListener('click', event => { if (!input.form.contains(event.target)) close(); });
