// What moved: each type as a block like pahole's, the object's offsets on the left, the kernel's on the right, lines between them.
import { button, code, el, plural } from './dom.js';
import { block } from './moved-block.js';
import { accessed } from './places.js';
import { bare, enumeratorOf } from './records.js';

const drawn = 8; // types drawn at once; the layout of each is a request

/** Waits for the layouts of the types: a block that grew later would push away what is read. */
export async function whatMoved(report, signal) {
  const types = accessed(report);
  const [changed, same] = [types.filter(type => type.changes > 0), types.filter(type => type.changes === 0)];
  const values = enumerators(report);
  const place = el('div', { className: 'blocks' });
  const draw = async list => place.append(...await Promise.all(list.map(type => block(type, report.kernel.id, signal))));
  await draw(changed.slice(0, drawn));
  const rest = changed.slice(drawn);
  return [el('section', { ariaLabel: 'What moved' }, el('h2', {}, titleOf(changed, values)),
    changed.length + values.length === 0 ? nothing(types, report) : null, place, values,
    rest.length > 0 ? button(`Draw ${plural(rest.length, 'more type')}`, event => { event.target.remove(); draw(rest); }) : null,
    same.length > 0 ? alike(same, report.kernel.id, signal) : null)];
}

const isGone = type => type.fields.every(field => field.change === 'missing' || field.change === 'same');

const titleOf = (changed, values) => changed.length > 0 && values.length === 0 && changed.every(isGone) ? 'What is missing'
  : 'What moved';

const nothing = (types, report) => el('p', {}, types.length > 0
  ? 'Nothing: every field that the object reads is where the object expects it.'
  : report.relocations.length > 0 ? 'Nothing: the object reads no fields through CO-RE, only types or enumerators.'
    : 'Nothing: the object reads no field through CO-RE.');

function alike(types, kernel, signal) {
  const fill = async details => {
    if (!details.open || details.childElementCount > 1) return;
    const place = el('div', { className: 'blocks' });
    details.append(place);
    place.append(...await Promise.all(types.slice(0, 40).map(type => block(type, kernel, signal))));
  };
  return el('details', { className: 'panel fold', ontoggle: event => fill(event.target) },
    el('summary', {}, `${plural(types.length, 'type is', 'types are')} read without any difference`,
      el('span', { className: 'hint' }, types.map(type => bare(type.name)).slice(0, 8).join(', '))));
}

function enumerators(report) {
  const found = new Map();
  for (const record of report.relocations) {
    if (record.kind !== 'enum-value' || record.outcome === 'poisoned' || record.localValue === record.targetValue) continue;
    const enumerator = enumeratorOf(record.local);
    if (enumerator && !found.has(enumerator.name)) found.set(enumerator.name, [enumerator, record]);
  }
  return [...found.values()].map(([{ name, type }, { localValue, targetValue }]) => el('p', { className: 'panel enum-moved' },
    code(name), ` of ${type} has the value `, el('span', { className: 'tone moved' }, `${localValue} → ${targetValue}`), '.'));
}
