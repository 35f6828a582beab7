// Records of a program as hunks: what one line of C became.

/** Programs with records, in the order of the file: { name, section, records, changed, poisoned, hunks }. */
export function programsOf(report) {
  const known = new Map(report.object.programs.map(program => [program.name, program]));
  const found = new Map();
  for (const record of report.relocations) {
    const name = record.program ?? record.section;
    if (!found.has(name)) found.set(name, { ...known.get(name), name, section: record.section, records: [] });
    found.get(name).records.push(record);
  }
  return [...found.values()].map(program => {
    const records = program.records.toSorted((a, b) => a.instruction - b.instruction);
    return { ...program, records, ...tally(records) };
  });
}

export const tally = records => ({
  changed: records.filter(r => r.outcome === 'changed').length,
  reached: records.filter(r => r.outcome === 'poisoned' && r.reachable).length,
  guarded: records.filter(r => r.outcome === 'poisoned' && !r.reachable).length,
});

// Line 0 is the compiler's own: it belongs to the line before.
const sameLine = (a, b) => b.source?.line === 0 || a.source?.file === b.source?.file && a.source?.line === b.source?.line &&
  Boolean(a.source) === Boolean(b.source);

/** Lines { instruction, before, after, source, record? } that follow each other and come from the same line of C. */
export function hunksOf(lines) {
  const hunks = [];
  for (const item of lines) {
    const last = hunks.at(-1);
    if (last && sameLine(last.lines[0], item) && (item.source || !item.record ||
      item.instruction - last.lines.at(-1).instruction < 2)) last.lines.push(item);
    else hunks.push({ source: item.source, lines: [item] });
  }
  return hunks;
}

export const linesOf = records =>
  records.map(record => ({ instruction: record.instruction, before: record.before, after: record.after, source: record.source, record }));

/** All instructions of a program, with the records at theirs. */
export function whole(disassembly, records) {
  const at = new Map(records.map(record => [record.instruction, record]));
  return disassembly.map(line => ({ ...line, after: line.after ?? line.before, record: at.get(line.instruction) ?? null }));
}
