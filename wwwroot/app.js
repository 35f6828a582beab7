// The first page: one form, one request to /v1/relocations, the report as tables.
import { el, fieldChanges, relocations, warnings } from './report.js';

const $ = id => document.getElementById(id);
const sampleUrl = 'samples/runqslower-mini.bpf.o';
const sampleKernel = 'sample/1/x86_64/5.11.0-syscall-work';
const means = {
  ok: 'Every relocation has a target.',
  guarded: 'Some relocations have no target, but no program can reach them.',
  broken: 'Some relocations have no target: a program that can reach one is refused by the verifier.',
};

let chosen = null; // { name, blob }
let download = null; // object URL of the last result

function choose(name, blob) {
  chosen = { name, blob };
  $('chosen').textContent = `${name}, ${blob.size.toLocaleString('en')} bytes`;
}

$('file').addEventListener('change', () => $('file').files[0] && choose($('file').files[0].name, $('file').files[0]));

async function useSample() {
  const answer = await fetch(sampleUrl);
  if (!answer.ok) return fail({ title: 'The sample is not here', detail: `${sampleUrl}: HTTP ${answer.status}` });
  choose(sampleUrl.split('/').pop(), await answer.blob());
  if (!$('kernel').value) $('kernel').value = sampleKernel;
}
$('sample').addEventListener('click', useSample);

let asked = 0;
async function suggest() {
  const turn = ++asked;
  const answer = await fetch(`v1/kernels?${new URLSearchParams({ q: $('kernel').value, limit: 20 })}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return; // only a help: the field takes anything
  const { items } = await answer.json();
  $('kernels').replaceChildren(...items.map(k => el('option', { value: k.id })));
}
$('kernel').addEventListener('input', suggest);
suggest();

$('form').addEventListener('submit', async event => {
  event.preventDefault();
  $('result').hidden = true;
  if (!chosen) return fail({ title: 'No object chosen', detail: 'Choose a file, or use the sample.' });
  $('go').disabled = true;
  $('status').replaceChildren('Relocating…');
  try {
    const query = new URLSearchParams({ kernel: $('kernel').value.trim(), name: chosen.name, include: 'object' });
    const answer = await fetch(`v1/relocations?${query}`, { method: 'POST', body: chosen.blob, headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' } });
    const body = await answer.json();
    if (answer.ok) show(body); else fail(body);
  } catch (error) {
    fail({ title: 'No answer', detail: String(error) });
  } finally {
    $('go').disabled = false;
  }
});

function fail(problem) {
  const nearest = problem.nearest?.map(n => ({ id: n.kernel.id, why: n.why })) ?? problem.candidates?.map(k => ({ id: k.id, why: k.btf }));
  $('status').replaceChildren(el('div', { className: 'card problem', role: 'alert' },
    el('strong', {}, problem.title),
    el('p', {}, problem.detail ?? ''),
    ...(nearest ?? []).map(n => el('p', {}, useKernel(n.id), ` ${n.why}`)),
    problem.code ? el('p', {}, el('a', { href: `problems/${problem.code}` }, problem.code)) : ''));
}

function useKernel(id) {
  const button = el('button', { type: 'button', className: 'quiet' }, id);
  button.addEventListener('click', () => { $('kernel').value = id; $('form').requestSubmit(); });
  return button;
}

function show(report) {
  const { summary, patched, kernel, verdict } = report;
  $('status').replaceChildren();
  $('verdict').textContent = verdict;
  $('verdict').className = verdict;
  $('means').textContent = means[verdict] ?? '';
  $('summary').replaceChildren(...[
    [summary.relocations, 'relocations'], [summary.changed, 'changed'], [summary.unchanged, 'unchanged'],
    [summary.poisoned, 'poisoned'], [summary.fieldsMoved, 'fields moved'],
  ].map(([count, what]) => el('li', {}, el('b', {}, String(count)), ` ${what}`)), el('li', {}, 'for ', el('code', {}, kernel.id)));

  if (download) URL.revokeObjectURL(download);
  const bytes = Uint8Array.from(atob(patched.base64), c => c.charCodeAt(0));
  download = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  Object.assign($('download'), { href: download, download: chosen.name });
  $('report').href = patched.url.replace(/\/object$/, '').slice(1);
  const name = chosen.name.replaceAll("'", "'\\''");
  $('curl').textContent = `curl --data-binary @'${name}' -H 'Accept: application/octet-stream' -o 'patched-${name}' \\\n  '${location.origin}/v1/relocations?kernel=${encodeURIComponent(kernel.id).replaceAll('%2F', '/')}'`;
  $('tables').replaceChildren(...fieldChanges(report.fieldChanges), ...warnings(report.warnings), ...relocations(report.relocations));
  $('result').hidden = false;
}

// A link to the page that shows the sample at once.
if (location.hash === '#try-sample') useSample().then(() => chosen && $('form').requestSubmit());
