// One question over many kernels, and its answer as it arrives.
import { ApiProblem, lines, send } from './api.js';
import { manyKernels } from './object.js';

/** onKernel: called with each result and the progress. Returns the summary with its groups. */
export async function run(object, filter, signal, onKernel) {
  const { path, ...request } = manyKernels(object, filter);
  const answer = await send(path, { ...request, accept: 'application/x-ndjson', signal });
  let done = 0;
  for await (const line of lines(answer)) {
    signal.throwIfAborted();
    if (line.groups) return line;
    if (line.code) throw new ApiProblem(line); // too large, or not wanted: the last line says so
    done = line.progress.done;
    onKernel(line, line.progress);
  }
  throw new ApiProblem({ title: 'The response ended early', detail: `The service stopped after ${done} kernels.` });
}
