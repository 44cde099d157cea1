import { problem, type Item } from './item';
import type { SourceProfile } from './profile';

type Cells = Readonly<Record<string, string>>;

/**
 * The events in lines of fixed width. A line is of the record whose prefix it begins with, the longest where several fit. A record is seen
 * by those below it until the next of its kind, or one above it, begins.
 */
// eslint-disable-next-line @typescript-eslint/require-await
export async function* readFixed(profile: SourceProfile, text: string): AsyncGenerator<Item> {
  const { fixed, name } = profile;
  if (fixed === undefined) return;
  const kinds = Object.entries(fixed.records).sort(([, a], [, b]) => b.prefix.length - a.prefix.length);
  const isBelow = (kind: string, above: string): boolean => {
    const under = fixed.records[kind]?.under;
    return under !== undefined && (under === above || isBelow(under, above));
  };
  const open = new Map<string, Cells>();
  for (const [i, line] of text.split(/\r\r\n|\r\n|\n|\r/).entries()) {
    // Files of DOS end with a character of their own.
    if (line.replace(/^\x1a+$/, '').trim() === '') continue;
    const where = `line ${i + 1}`;
    const [kind, record] = kinds.find(([, { prefix }]) => line.startsWith(prefix)) ?? [];
    if (kind === undefined || record === undefined) {
      const at = `${name}, line ${profile.lineOf(['fixed', 'records'])} (fixed.records)`;
      yield problem(
        where,
        `${at}: no record begins with ${JSON.stringify(line.slice(0, 3))}; add one with this prefix, without columns if it holds nothing of use`,
      );
      continue;
    }
    for (const other of open.keys()) if (isBelow(other, kind)) open.delete(other);
    const cells: Cells = Object.fromEntries(
      Object.entries(record.columns).map(([column, { from, to }]) => [
        column,
        line.slice(from - 1, to).trim(),
      ]),
    );
    open.set(kind, cells);
    if (kind !== fixed.events) continue;
    const parent = record.under === undefined ? undefined : open.get(record.under);
    if (record.under !== undefined && parent === undefined) {
      yield problem(where, `the line stands under no ${record.under} record; send the file whole`);
      continue;
    }
    yield {
      ok: true,
      where,
      value: cells,
      bindings: { parent, records: Object.fromEntries(open), root: undefined },
    };
  }
}
