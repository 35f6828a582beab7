// One type on one kernel.
import { json, send } from './api.js';
import { copyButton } from './copy.js';
import { bytes, el, plural } from './dom.js';
import * as routes from './routes.js';
import { difference } from './type-diff.js';
import { fieldPanel } from './type-field.js';
import { history } from './type-history.js';
import { linked } from './declaration.js';
import { rows } from './type-rows.js';
import { usedIn } from './type-uses.js';

export async function oneType(place, state, go, signal) {
  const query = { kernel: state.kernel, kind: state.kind };
  const { type, kernel, others } = await json(`v1/types/${encodeURIComponent(state.name)}`, { query, signal });
  const kept = { kernel: kernel.id, kind: state.kind, field: state.field, with: state.with };
  routes.write('types', { ...kept, show: state.show }, state.name);
  document.title = `${type.name} on ${kernel.release} · Relo`;
  const show = state.show || (state.with ? 'difference' : '');
  const tab = (title, value) => el('a', { href: routes.link('types', { ...kept, show: value }, type.name), ariaCurrent: show === value
    ? 'true' : null }, title);
  place.replaceChildren(head(type, kernel, others), state.field && type.members ? fieldPanel(type, state.field, kernel.id, signal) : '',
    el('nav', { className: 'tabs sub', ariaLabel: 'Of this type' },
      tab('Layout', state.with ? 'layout' : ''), tab('History', 'history'), tab('Difference', 'difference'), tab('Used in', 'uses')));
  if (show === 'history') return place.append(await history(type, kernel, state.field, signal));
  if (show === 'difference') return place.append(difference(type, kernel.id, state.with, go, signal));
  if (show === 'uses') return place.append(await usedIn(type, kernel, signal));
  place.append(...layout(type, kernel.id, state));
  place.querySelector('[data-chosen]')?.scrollIntoView({ block: 'center' });
}

function head(type, kernel, others) {
  const full = type.kind === 'func' || type.kind === 'var' ? type.name : `${type.kind} ${type.name}`;
  return el('div', { className: 'type-head' }, el('h1', { className: 'code', tabIndex: -1 }, full),
    el('span', { className: 'hint' }, facts(type, kernel)),
    el('div', { className: 'row' },
      others.map(kind => el('a', { className: 'button small', href: routes.link('types', { kernel: kernel.id, kind }, type.name) },
        `${kind} ${type.name}`)),
      copyButton('Copy as C', () => asText(type, kernel))));
}

const facts = (type, kernel) => [
  type.sizeBytes === null ? '' : type.sizeBytes < 1024 ? bytes(type.sizeBytes) : plural(type.sizeBytes, 'byte'),
  type.members ? plural(type.members.length, 'member') : '', type.holes?.length ? plural(type.holes.length, 'hole') : '',
  type.enumerators ? plural(type.enumerators.length, 'value') : '', `on ${kernel.id}`].filter(Boolean).join(', ');

async function asText(type, kernel) {
  const query = { kernel: kernel.id, kind: type.kind };
  return (await send(`v1/types/${encodeURIComponent(type.name)}`, { query, accept: 'text/plain' })).text();
}

function layout(type, kernel, { field, kind }) {
  const declared = () => el('pre', { tabIndex: 0, role: 'region', ariaLabel: 'Declaration' }, linked(type.declaration, kernel, type.name));
  return [type.declaration ? declared() : '',
    type.members ? rows(type, kernel, field, name => routes.link('types', { kernel, kind, field: name }, type.name)) : '',
    type.enumerators ? enumerators(type, field) : ''].filter(Boolean);
}

const enumerators = (type, chosen) => el('div', { className: 'table values' }, el('table', {},
  el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Enumerator'), el('th', { scope: 'col', className: 'number' }, 'Value'))),
  el('tbody', {}, type.enumerators.map(e => el('tr', { className: e.name === chosen ? 'chosen' : '', data: e.name === chosen
    ? { chosen: '' } : {} },
    el('td', { className: 'code wraps' }, e.name), el('td', { className: 'number code' }, e.value))))));
