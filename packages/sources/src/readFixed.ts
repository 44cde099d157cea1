import { problem, type Item } from './item';
import type { Pause } from './pause';
import type { SourceProfile } from './profile';

type Cells = Readonly<Record<string, string>>;
type Fixed = NonNullable<SourceProfile['fixed']>;

/** A record that is an event, until it is known what stands below it. */
interface Pending {
  readonly where: string;
  readonly value: Cells;
  readonly parent: Cells | undefined;
  readonly records: Record<string, Cells>;
}

/**
 * The events in lines of fixed width. A line is of the record whose prefix it begins with, the longest where several fit. A record is seen
 * by those below it until the next of its kind, or one above it, begins; an event sees those below itself too, of each kind the last.
 */
export async function* readFixed(profile: SourceProfile, text: string, pause: Pause): AsyncGenerator<Item> {
  const { fixed, name } = profile;
  if (fixed === undefined) return;
  const kinds = Object.entries(fixed.records).sort(([, a], [, b]) => b.prefix.length - a.prefix.length);
  const open = new Map<string, Cells>();
  let pending: Pending | null = null;
  for (const [i, line] of text.split(/\r\r\n|\r\n|\n|\r/).entries()) {
    await pause();
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
    const cells = cut(line, record.columns);
    if (pending !== null && isBelow(fixed, kind, fixed.events)) {
      pending.records[kind] = cells;
      continue;
    }
    if (pending !== null) yield toItem(pending);
    pending = null;
    for (const other of open.keys()) if (isBelow(fixed, other, kind)) open.delete(other);
    open.set(kind, cells);
    if (kind !== fixed.events) continue;
    const parent = record.under === undefined ? undefined : open.get(record.under);
    if (record.under !== undefined && parent === undefined)
      yield problem(where, `the line stands under no ${record.under} record; send the file whole`);
    else pending = { where, value: cells, parent, records: Object.fromEntries(open) };
  }
  if (pending !== null) yield toItem(pending);
}

function toItem({ where, value, parent, records }: Pending): Item {
  return { ok: true, where, value, bindings: { parent, records } };
}

/** The columns of a line, without spaces around them; what a line is too short for is empty. */
function cut(line: string, columns: Fixed['records'][string]['columns']): Cells {
  return Object.fromEntries(
    Object.entries(columns).map(([column, { from, to }]) => [column, line.slice(from - 1, to).trim()]),
  );
}

/** Whether records of a kind stand below those of another, however far. */
function isBelow({ records }: Fixed, kind: string, above: string): boolean {
  for (let under = records[kind]?.under; under !== undefined; under = records[under]?.under)
    if (under === above) return true;
  return false;
}
