import {
  closeSync,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';

const LONGEST_BYTES = 20 * 1024 ** 2;

/** The log of one run of a process. */
export interface LogFile {
  /** Where the process writes; to be closed once it has it. */
  readonly descriptor: number;
  /** The last lines of this run alone, since an earlier one's end explains nothing; none where somebody has removed the file. */
  tail(lines: number): string;
}

/** Opens a log at its end, readable by us only: servers write into theirs what they were asked. */
export function openLog(file: string): LogFile {
  const descriptor = openSync(file, 'a', 0o600);
  // Of an earlier version, which anybody could read.
  fchmodSync(descriptor, 0o600);
  const from = fstatSync(descriptor).size;
  return {
    descriptor,
    tail(lines) {
      if (!existsSync(file)) return '';
      const bytes = readFileSync(file);
      // Shorter than at the beginning: it has been shortened since.
      const own = bytes.length < from ? bytes : bytes.subarray(from);
      return own.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
    },
  };
}

/**
 * Moves what has grown too long to `FILE.1`, in the place of what was there, and goes on from an empty file: its process appends, so it
 * need not know. What it writes between the two steps is lost. Where the disk is full nothing is done.
 */
export function shortenLog(file: string, longestBytes: number = LONGEST_BYTES): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= longestBytes) return;
  try {
    copyFileSync(file, `${file}.1`);
  } catch {
    // Half of a copy only takes room away; the next call tries again.
    rmSync(`${file}.1`, { force: true });
    return;
  }
  truncateSync(file);
}

/** Lets go of what `openLog` opened. */
export function closeLog({ descriptor }: LogFile): void {
  closeSync(descriptor);
}
