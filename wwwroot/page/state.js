// The state of the page is in the URL after #, so a link shows the same to others.

export const views = ['relocate', 'matrix', 'archive'];

/** The view and its parameters. */
export function read() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { view: views.includes(path) ? path : views[0], query: new URLSearchParams(query) };
}

/** The address of a view; what is empty is left out. */
export function link(view, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  return `#/${view}${query.size > 0 ? `?${query}` : ''}`.replaceAll('%2F', '/');
}

/** The page already shows this: only the address follows. */
export function write(view, parameters) {
  history.replaceState(null, '', link(view, parameters));
}

/** The same with some parameters changed. */
export function change(parameters) {
  const { view, query } = read();
  write(view, { ...Object.fromEntries(query), ...parameters });
}
