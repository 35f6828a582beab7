// The page: the URL determines the view.
import { startAccess } from './access.js';
import { openArchive, startArchive } from './archive.js';
import { $ } from './dom.js';
import { openMatrix, startMatrix } from './matrix.js';
import { startObject } from './object.js';
import { openRelocate, startRelocate } from './relocate.js';
import * as state from './state.js';

const open = { relocate: openRelocate, matrix: openMatrix, archive: openArchive };

function show() {
  const { view, query } = state.read();
  for (const name of state.views) $(name).hidden = name !== view;
  $('object').hidden = view === 'archive';
  $('title').textContent = $(view).dataset.title;
  document.title = `${$(view).dataset.title} · Relo`;
  for (const a of document.querySelectorAll('nav a[data-view]')) a.ariaCurrent = a.dataset.view === view ? 'page' : null;
  open[view](query);
}

startAccess();
startObject();
startRelocate();
startMatrix();
startArchive();
addEventListener('hashchange', show);
show();
