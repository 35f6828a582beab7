// The differences between the object's types and the kernel's: each field once.
import { el } from './dom.js';
import { table } from './table.js';

const known = n => n !== null && n !== undefined;

/** "16 → 24 (+8)", or the one value where nothing changed. */
export function step(before, after) {
  if (!known(before) && !known(after)) return null;
  if (!known(after)) return [`${before} → `, el('strong', {}, 'none')];
  if (before === after || !known(before)) return String(after);
  const difference = after - before;
  return [`${before} → `, el('strong', {}, String(after)), el('span', { className: 'soft' }, ` (${difference > 0 ? '+' : '−'}${Math.abs(difference)})`)];
}

export function fieldChanges(changes) {
  if (changes.length === 0) return [el('section', { className: 'card' }, el('h2', {}, 'What moved'), el('p', {}, 'Nothing: every field that the object reads is at the expected offset.'))];
  return [el('section', { className: 'card' }, el('h2', {}, 'What moved'), table({
    label: 'What moved', rows: changes, find: changes.length > 5, columns: [
      { title: 'Type', of: c => c.type, className: 'code wraps' },
      { title: 'Field', of: c => c.field, className: 'code wraps' },
      { title: 'Change', of: c => c.change, show: c => el('span', { className: `tag ${c.change === 'missing' || c.change === 'incompatible' ? 'bad' : 'moved'}` }, c.change) },
      { title: 'Offset', of: c => c.localOffsetBytes, show: c => step(c.localOffsetBytes, c.targetOffsetBytes), className: 'number' },
      { title: 'Size', of: c => c.localSizeBytes, show: c => step(c.localSizeBytes, c.targetSizeBytes), className: 'number' },
      { title: 'Records', of: c => c.uses.length, className: 'number' },
    ],
  }))];
}
