import { nearestStatus } from '@rastreio/contract';
import type { SeenRows } from './eventFile';
import type { Encoding } from '@rastreio/rows';

/** A status of a file that nobody knows. */
export interface UnknownStatus {
  readonly status: string;
  readonly events: number;
  /** The known one that it may mean, null where none is near. */
  readonly nearest: string | null;
}

/** What a load says besides what became of the rows. */
export interface LoadReport {
  /** Rows of separators only, which were passed over. */
  readonly blankRows: number;
  /** The most frequent first. */
  readonly unknownStatuses: readonly UnknownStatus[];
  /** Who was asked whether a status is known: the catalogue and the words of the database, or the catalogue that is shipped. */
  readonly statusesOf: 'database' | 'program';
  /** What the file's texts look like, if it is not what they should be: a sentence each, with what to do. */
  readonly warnings: readonly string[];
}

/** More would not be read by anyone; their number is bounded so that a file of made-up ones does not fill the memory. */
const MAX_STATUSES = 1_000;

/** Counts statuses that nobody knows. */
export class UnknownStatuses {
  private readonly counts = new Map<string, number>();

  add(status: string): void {
    const count = this.counts.get(status);
    if (count !== undefined || this.counts.size < MAX_STATUSES) this.counts.set(status, (count ?? 0) + 1);
  }

  list(): UnknownStatus[] {
    return Array.from(this.counts, ([status, events]) => ({
      status,
      events,
      nearest: nearestStatus(status),
    })).sort((a, b) => b.events - a.events);
  }
}

/** What is to be said of the texts of a file that was read in an encoding. */
export function warningsOf({ misread, replaced }: SeenRows, encoding: Encoding): string[] {
  const warnings: string[] = [];
  if (misread > 0 && encoding === 'latin1')
    warnings.push(
      `${misread} lines look like UTF-8, and were read as Latin-1, so their texts are wrong: import the file again without --encoding latin1`,
    );
  if (misread > 0 && encoding === 'utf-8')
    warnings.push(
      `${misread} lines have texts such as "SÃ£o" for "São": UTF-8 that was read as Latin-1 before the file was written; export it again`,
    );
  if (replaced > 0)
    warnings.push(
      `${replaced} lines have the character U+FFFD, which stands where another was lost before the file was written; export it again as UTF-8`,
    );
  return warnings;
}
