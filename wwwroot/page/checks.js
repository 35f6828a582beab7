// What an object needs of a kernel besides types, and whether the kernel has it.
import { code, count, el, plural } from './dom.js';
import { table } from './table.js';

const order = ['absent', 'changed', 'unknown', 'present'];
/** Whether the object does not load for want of it. */
export const isLacking = check => check.status === 'absent' && !check.optional;

/** What stands beside the verdict: what the kernel lacks, and what it has in another form. */
export function findings(checks) {
  // The architecture has a warning of its own there.
  const lacking = checks.filter(check => isLacking(check) && check.kind !== 'architecture');
  const changed = checks.filter(check => check.status === 'changed');
  return [
    ...lacking.length > 0 ? [el('div', { className: 'lacking' },
      el('p', {}, el('strong', {}, 'It will not load: the kernel lacks what the object needs.')), items(lacking))] : [],
    ...changed.length > 0 ? [el('div', { className: 'lacking changed' },
      el('p', {}, el('strong', {}, 'The kernel has it in another form than the object uses:')), items(changed))] : [],
  ];
}

const items = checks => el('ul', {}, checks.map(check => el('li', {}, `${words(check.kind)} `, code(check.name), `: ${check.evidence}`)));

const words = kind => kind.replaceAll('-', ' ').replace('btf', 'BTF');

/** All checks, folded unless one is not met. */
export function needs(checks) {
  if (checks.length === 0) return [];
  const counts = order.map(status => [status, checks.filter(check => check.status === status).length]).filter(([, n]) => n > 0);
  return [el('section', { className: 'card' }, el('h2', {}, 'What it needs of the kernel besides types'),
    el('details', { open: checks.some(isLacking) },
      el('summary', {}, `${plural(checks.length, 'need')}: ${counts.map(([status, n]) => `${count(n)} ${status}`).join(', ')}`),
      table({
        label: 'Needs', find: checks.length > 20, page: 50, rows: checks.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status)), columns: [
          { title: 'Status', of: check => check.status, show: check => el('span', { className: `status ${check.status}` }, check.optional && check.status === 'absent' ? 'absent, optional' : check.status) },
          { title: 'Kind', of: check => words(check.kind) },
          { title: 'Name', of: check => check.name, className: 'code wraps' },
          { title: 'Evidence', of: check => check.evidence, className: 'wraps' },
          { title: 'Programs', of: check => check.programs.length > 3 ? `${check.programs.slice(0, 3).join(', ')} and ${check.programs.length - 3} more` : check.programs.join(', '), className: 'wraps' },
        ],
      })))];
}
