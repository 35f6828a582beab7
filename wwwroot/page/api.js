// The service as functions: they return JSON or bytes, or throw an ApiProblem.
import { key } from './access.js';

/** What the service (or the way to it) had to say against a request: a problem of RFC 9457. */
export class ApiProblem extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export const isAbort = error => error?.name === 'AbortError';

/** Any error as a problem. */
export const problemOf = error => error instanceof ApiProblem ? error.problem : { title: 'This page failed', detail: String(error) };

function address(path, query = {}) {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== null &&
    value !== ''));
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

const headers = more => ({ ...(key() ? { 'X-Api-Key': key() } : {}), ...more });

function problemIn(type, status, text) {
  if (type?.includes('json')) {
    try { return JSON.parse(text); } catch { /* cut off: said below */ }
  }
  return { title: `The service responded with ${status}`, detail: text.slice(0, 300) || 'without a message', status };
}

/** Sends a request; the answer is good. */
export async function send(path, { method = 'GET', query, body, accept = 'application/json', type = 'application/octet-stream',
  signal } = {}) {
  let answer;
  try {
    answer = await fetch(address(path, query), { method, body, signal,
      headers: headers({ Accept: accept, ...(body ? { 'Content-Type': type } : {}) }) });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiProblem({ title: 'No response',
      detail: `The service could not be reached, or it ended the connection (${error.message}).` });
  }
  if (!answer.ok) throw new ApiProblem(problemIn(answer.headers.get('Content-Type'), answer.status, await answer.text()));
  return answer;
}

export const json = async (path, options) => (await send(path, options)).json();

/** Lines of JSON, one after another as they arrive. */
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      for (const part of parts) if (part.trim()) yield JSON.parse(part);
    }
    if (rest.trim()) yield JSON.parse(rest);
  } finally {
    reader.cancel().catch(() => {}); // the caller stopped reading
  }
}

/** Uploads a file and tells how far it is: fetch does not. */
export function upload(path, file, { query, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address(path, query));
    for (const [name, value] of Object.entries(headers({ 'Content-Type': 'application/octet-stream',
      Accept: 'application/json' }))) request.setRequestHeader(name, value);
    request.upload.onprogress = event => onProgress(event.loaded, event.total);
    request.onload = () => request.status < 300
      ? resolve({ isNew: request.status === 201, body: JSON.parse(request.responseText) })
      : reject(new ApiProblem(problemIn(request.getResponseHeader('Content-Type'), request.status, request.responseText)));
    request.onerror = () =>
      reject(new ApiProblem({ title: 'No response', detail: 'The service could not be reached, or it ended the connection.' }));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
