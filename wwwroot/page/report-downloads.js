// What can be taken away: the relocated object, the report, both; and the same request for curl.
import { isAbort, problemOf, send } from './api.js';
import { copyable, shellWord } from './copy.js';
import { button, el, hex } from './dom.js';
import { relocation } from './object.js';
import { problemCard } from './problem.js';
import { save } from './save.js';

const forms = {
  object: { title: 'Patched object', accept: 'application/octet-stream', file: name => name },
  report: { title: 'Report as JSON', accept: 'application/json', file: name => `${name}.report.json` },
  text: { title: 'Report as text', accept: 'text/plain', file: name => `${name}.report.txt` },
  zip: { title: 'Both as zip', accept: 'application/zip', file: name => `${name.replace(/\.o$/, '')}.zip` },
};

/** Primary only where the object loads. */
export function downloadMenu(report, of, tone) {
  const status = el('div', { role: 'status' });
  const take = async form => {
    status.replaceChildren();
    try {
      await save(await send(...await request(of, report.kernel.id, form)), form.file(of.name));
    } catch (error) {
      if (!isAbort(error)) status.replaceChildren(problemCard(problemOf(error)));
    }
  };
  const summary = el('summary', { className: `button small ${tone === 'loads' ? 'primary' : ''}` }, 'Download ▾');
  return el('details', { className: 'pop' }, summary, el('div', { className: 'popup menu' },
    Object.values(forms).map(form => button(form.title, () => take(form))),
    el('p', { className: 'hint' }, 'Patched object: sha256 ', el('code', { title: report.patched.sha256 },
      `${hex(report.patched.sha256).slice(0, 12)}…`)), status));
}

async function request(of, kernel, form) {
  // Only the request with the file answers with a zip, and names the object in the report.
  if (form !== forms.zip) {
    const { path, ...rest } = relocation(of, { kernel });
    return [path, { ...rest, accept: form.accept }];
  }
  const file = of.file ?? await (await send(`v1/objects/${of.digest}/file`, { accept: 'application/octet-stream' })).blob();
  return ['v1/relocations', { method: 'POST', query: { kernel, name: of.name }, body: file, accept: form.accept }];
}

/** The same request as a shell command, for the chosen media type. */
export function curlDrawer(of, kernel) {
  const place = el('div');
  const show = id => {
    const form = forms[id];
    const query = new URLSearchParams({ kernel, name: of.name }).toString().replaceAll('%2F', '/');
    const lines = [
      `curl -fsS --data-binary @${shellWord(of.name)}`,
      ...id === 'report' ? [] : [`-H 'Accept: ${form.accept}'`],
      `-o ${shellWord(id === 'object' ? `patched-${of.name}` : form.file(of.name))}`,
      shellWord(`${new URL('v1/relocations', document.baseURI)}?${query}`),
    ];
    place.replaceChildren(copyable(lines.join(' \\\n  '), 'curl command'));
  };
  show('object');
  return el('div', { className: 'panel command' }, el('label', {}, 'The same with curl: ',
    el('select', { onchange: event => show(event.target.value) }, Object.entries(forms).map(([id, form]) =>
    el('option', { value: id }, form.title)))), place);
}
