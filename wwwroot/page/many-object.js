// The view without an object: the way to one.
import { problemOf } from './api.js';
import { el } from './dom.js';
import { openFile } from './object.js';
import { listKept } from './object-chip.js';
import { problemCard } from './problem.js';
import * as routes from './routes.js';
import { takesDrops } from './start.js';

export function chooseObject(filter) {
  const status = el('div');
  const take = async file => {
    status.replaceChildren(el('p', { className: 'hint' }, `Reading ${file.name}…`));
    try {
      routes.go('many', { object: (await openFile(file)).ref ?? 'file', ...filter });
    } catch (error) {
      status.replaceChildren(problemCard(problemOf(error)));
    }
  };
  const file = el('input', { type: 'file', id: 'many-file', className: 'unseen', onchange: event => event.target.files[0] &&
    take(event.target.files[0]) });
  const drop = el('div', { className: 'drop' }, file, el('label', { htmlFor: file.id }, 'Choose a BPF object'),
    el('p', { className: 'hint' }, 'or drop it here. It is checked on every kernel of the archive.'));
  takesDrops(drop, take);
  const href = object => routes.link('many', { object, ...filter });
  const kept = el('div', { className: 'kept' });
  listKept(kept, href);
  return [el('div', { className: 'start' }, el('h1', {}, 'On which kernels does it load, and where does it break?'), drop, status,
    el('p', {}, 'Or ', el('a', { href: href('sample') }, 'try the sample object'), '.'), kept)];
}
