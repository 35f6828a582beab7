// The state of the page is in the URL after #, so a link shows the same to others: #/types/task_struct?kernel=5.10.0-46-amd64

const views = ['relocate', 'many', 'types', 'archive'];
const before = { matrix: 'many' }; // the name of a view in older links

/** The view, the rest of its path, and its parameters. */
export function read(hash = location.hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first, ...rest] = path.split('/');
  const view = before[first] ?? first;
  return { view: views.includes(view) ? view : 'start', rest: decode(rest.join('/')), query: new URLSearchParams(query) };
}

/** The address of a view; what is empty is left out. */
export function link(view, parameters = {}, rest = '') {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null &&
    value !== ''));
  const path = rest ? `${view}/${encodeURIComponent(rest)}` : view;
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`.replaceAll('%2F', '/');
}

/** The page already shows this: only the address follows. */
export const write = (view, parameters, rest) => history.replaceState(null, '', link(view, parameters, rest));

/** Goes there, as a link would. */
export const go = (view, parameters, rest) => { location.hash = link(view, parameters, rest); };

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}
