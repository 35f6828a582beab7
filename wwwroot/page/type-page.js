// One type on one kernel.
import { json, send } from './api.js';
import { copyButton } from './copy.js';
import { bytes, el, plural } from './dom.js';
import * as routes from './routes.js';
import { difference } from './type-diff.js';
import { fieldPanel } from './type-field.js';
import { history } from './type-history.js';
import { linked, rows } from './type-rows.js';

export async function oneType(place, state, go, signal) {
  const { type, kernel, others } = await json(`v1/types/${encodeURIComponent(state.name)}`, { query: { kernel: state.kernel, kind: state.kind }, signal });
  routes.write('types', { kernel: kernel.id, kind: state.kind, field: state.field, with: state.with, show: state.show }, state.name);
  document.title = `${type.name} on ${kernel.release} · Relo`;
  const text = await asText(type, kernel, signal);
  const full = type.kind === 'func' || type.kind === 'var' ? type.name : `${type.kind} ${type.name}`;
  const facts = [type.sizeBytes !== null ? bytes(type.sizeBytes) : '', type.members ? plural(type.members.length, 'member') : '', type.holes?.length ? plural(type.holes.length, 'hole') : '', type.enumerators ? plural(type.enumerators.length, 'value') : ''].filter(Boolean).join(', ');
  const show = state.show || (state.with ? 'difference' : '');
  const tab = (title, value) => el('a', { href: routes.link('types', { kernel: kernel.id, kind: state.kind, field: state.field, with: state.with, show: value }, type.name), ariaCurrent: show === value ? 'true' : null }, title);
  const tabs = el('nav', { className: 'tabs sub', ariaLabel: 'Of this type' }, tab('Layout', state.with ? 'layout' : ''), tab('History', 'history'), tab('Difference', 'difference'));
  place.replaceChildren(
    el('div', { className: 'type-head' }, el('h1', { className: 'code', tabIndex: -1 }, full), el('span', { className: 'hint' }, `${facts ? `${facts}; ` : ''}${kernel.id}`),
      el('div', { className: 'row' }, text ? copyButton('Copy as C', text) : '', others.map(kind => el('a', { className: 'button small', href: routes.link('types', { kernel: kernel.id, kind }, type.name) }, `${kind} ${type.name}`)))),
    state.field && type.members ? fieldPanel(type, state.field, kernel.id, signal) : '',
    tabs);
  if (show === 'history') return place.append(await history(type, kernel, state.field, signal));
  if (show === 'difference') return place.append(difference(type, kernel.id, state.with, go, signal));
  place.append(...[type.declaration ? el('pre', { tabIndex: 0, role: 'region', ariaLabel: 'Declaration' }, linked(type.declaration, kernel.id, type.name)) : '',
    type.members ? rows(type, kernel.id, state.field, field => routes.link('types', { kernel: kernel.id, kind: state.kind, field }, type.name)) : '',
    type.enumerators ? enumerators(type, state.field) : ''].filter(Boolean));
  place.querySelector('[data-chosen]')?.scrollIntoView({ block: 'center' });
}

async function asText(type, kernel, signal) {
  const answer = await send(`v1/types/${encodeURIComponent(type.name)}`, { query: { kernel: kernel.id, kind: type.kind }, accept: 'text/plain', signal }).catch(() => null);
  return answer ? answer.text() : '';
}

const enumerators = (type, chosen) => el('div', { className: 'table' }, el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Enumerator'), el('th', { scope: 'col', className: 'number' }, 'Value'))),
  el('tbody', {}, type.enumerators.map(e => el('tr', { className: e.name === chosen ? 'chosen' : '', data: e.name === chosen ? { chosen: '' } : {} }, el('td', { className: 'code wraps' }, e.name), el('td', { className: 'number code' }, e.value))))));
