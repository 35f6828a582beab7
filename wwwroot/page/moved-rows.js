// The rows of a type as the kernel lays it out: what the object reads, and between it holes, and folds of what it does not read.

/** Members in order, those of anonymous structs and unions in their place. */
export const flat = members => members.flatMap(member => member.members && !member.name ? flat(member.members) : [member]);

/** fields: what is read, each with a target. layout: the kernel's type, or null. Rows: { field, member } | { hole } | { fold: members }. */
export function rowsOf(fields, layout) {
  const read = fields.filter(field => field.target).toSorted((a, b) => a.target.offset - b.target.offset ||
    (a.target.bit ?? 0) - (b.target.bit ?? 0));
  const members = layout?.members ? flat(layout.members) : [];
  const rows = [];
  let at = 0;
  for (const field of read) {
    between(rows, layout, members, at, field.target.offset, read);
    rows.push({ field, member: members.find(member => member.name === field.name) });
    at = Math.max(at, field.target.offset + (field.target.size ?? 1));
  }
  if (layout?.sizeBytes && read.length > 0) between(rows, layout, members, at, layout.sizeBytes + 1, read);
  rows.push(...fields.filter(field => !field.target).map(field => ({ field })));
  return rows;
}

function between(rows, layout, members, from, to, read) {
  if (!layout) return;
  const covers = member => read.some(field => field.target.offset >= member.offsetBytes &&
    field.target.offset < member.offsetBytes + Math.max(1, member.sizeBytes) &&
    (field.name === member.name || field.name.startsWith(`${member.name}.`) || field.name.startsWith(`${member.name}[`)));
  const inside = members.filter(member => member.offsetBytes >= from && member.offsetBytes < to && !covers(member));
  const holes = (layout.holes ?? []).filter(hole => hole.offsetBytes >= from && hole.offsetBytes < to);
  if (inside.length === 0) rows.push(...holes.map(hole => ({ hole })));
  else rows.push({ fold: inside, holes });
}
