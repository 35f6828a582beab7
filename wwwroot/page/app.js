// The page: the URL determines the view.
import { startAccess } from './access.js';
import { openArchive } from './archive.js';
import { $ } from './dom.js';
import { openMany } from './many.js';
import { object } from './object.js';
import { startPopups } from './popups.js';
import { openReport } from './report.js';
import * as routes from './routes.js';
import { startStart } from './start.js';
import { openTypes } from './types.js';

const open = { relocate: openReport, many: openMany, types: openTypes, archive: openArchive };
const titles = { start: 'BPF objects for any kernel', relocate: 'One kernel', many: 'Many kernels', types: 'Types', archive: 'Archive' };
let leave = () => {}; // stops what the view before still does

function show() {
  leave();
  leave = () => {};
  const at = routes.read();
  const isStart = at.view === 'start' || (at.view === 'relocate' && !at.query.get('object') &&
    !object()); // the form of the start is the form of that view
  document.documentElement.dataset.view = isStart ? 'start' : 'view';
  document.title = `${titles[at.view]} · Relo`;
  for (const a of document.querySelectorAll('nav a[data-view]')) a.ariaCurrent = a.dataset.view === at.view ? 'page' : null;
  if (isStart) return $('view').replaceChildren();
  const stop = new AbortController();
  leave = () => stop.abort();
  open[at.view]($('view'), at, stop.signal);
}

// "/" leads to the search field of the view, as everywhere.
function search(event) {
  if (event.key !== '/' || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  const field = [...document.querySelectorAll('main input[type=search], main [role=combobox]')].find(input => input.checkVisibility());
  if (!field) return;
  event.preventDefault();
  field.focus();
}

startAccess(show);
startPopups();
startStart();
addEventListener('hashchange', () => { show(); scrollTo(0, 0); });
document.addEventListener('keydown', search);
document.querySelector('.skip-link').addEventListener('click', event => { event.preventDefault(); $('main').focus(); });
show();
