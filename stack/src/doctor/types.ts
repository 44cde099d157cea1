import type { Ports } from '../options';
import type { RunningStack } from '../running';

/** How a finding is meant: `fail` makes a start or a command fail, `warn` makes it slower, poorer or surprising. */
export type Level = 'ok' | 'warn' | 'fail';

/** What is thought of what was seen. */
export interface Verdict {
  readonly level: Level;
  readonly seen: string;
  /** What to do, where more can be said than the check's own remedy. */
  readonly advice?: string;
}

/** What is looked at, and by what: the last ones are the machine's own, for tests to put others in their place. */
export interface Place {
  /** The checkout. */
  readonly root: string;
  /** The stack's folder. */
  readonly dir: string;
  /** Those of `npm start`, as given; of those left out nothing is asked. */
  readonly ports: Partial<Ports>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stack that runs in `dir`; null where none does. Rejects where its files are broken. */
  readonly running: () => Promise<RunningStack | null>;
  readonly nodeVersion: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly statfs: (folder: string) => Promise<FileSystem>;
  /** Where Linux shows processes and control groups. */
  readonly proc: string;
  readonly cgroup: string;
}

/** Room of a file system: blocks and inodes that are free for us; 0 inodes in all where it has no such limit. */
interface FileSystem {
  readonly bavail: number;
  readonly bsize: number;
  readonly files: number;
  readonly ffree: number;
}

/** One thing that is looked at: facts are gathered at the edge, and judged by what they say alone. */
export interface Check<Facts> {
  /** RD and three digits. It stays when the check changes, and is not given to another one. */
  readonly code: string;
  readonly title: string;
  /** What must be so, for docs/doctor.md. */
  readonly wants: string;
  /** What to do otherwise. */
  readonly remedy: string;
  readonly gather: (place: Place) => Promise<Facts>;
  readonly judge: (facts: Facts) => Verdict;
}

/** A check whose facts are its own matter. */
export interface AnyCheck extends Pick<Check<unknown>, 'code' | 'title' | 'wants' | 'remedy'> {
  readonly look: (place: Place) => Promise<Verdict>;
}

/** Puts the two halves of a check together. */
export function check<Facts>(given: Check<Facts>): AnyCheck & Check<Facts> {
  return { ...given, look: async (place) => given.judge(await given.gather(place)) };
}

export const ok = (seen: string): Verdict => ({ level: 'ok', seen });
export const warn = (seen: string, advice?: string): Verdict => verdict('warn', seen, advice);
export const fail = (seen: string, advice?: string): Verdict => verdict('fail', seen, advice);

function verdict(level: Level, seen: string, advice: string | undefined): Verdict {
  return advice === undefined ? { level, seen } : { level, seen, advice };
}

/** Sizes for reading. */
export function gib(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
