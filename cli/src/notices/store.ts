import { appendFile, readFile, rename } from 'node:fs/promises';
import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { noticeSchema, type Notice } from './notice';

/** How much is kept. */
export interface StoreLimits {
  /** Notices in memory. */
  readonly notices: number;
  /** Bytes of their text, in memory and in the file; a file that would become longer is put aside as FILE.1. */
  readonly bytes: number;
}

const STORE_LIMITS: StoreLimits = { notices: 500, bytes: 10_485_760 };

/** The notices that arrived last. */
export interface NoticeStore {
  /** Newest first. */
  readonly list: () => readonly Notice[];
  /** Keeps one; resolves when it is in the file too, or when that has failed, which the log and {@link notReady} tell. */
  readonly add: (notice: Notice) => Promise<void>;
  /** Null while what arrives gets into the file, else what is wrong. */
  readonly notReady: () => string | null;
}

interface Kept {
  readonly notice: Notice;
  readonly bytes: number;
}

/**
 * Reads what an earlier run kept in a file of one JSON object a line, and appends to it. Without a file, memory is all there is.
 *
 * @throws OperatorError (exit code 78) when the file cannot be read or written
 */
export async function openStore(
  file: string | undefined,
  log: Log,
  limits: StoreLimits = STORE_LIMITS,
): Promise<NoticeStore> {
  const kept: Kept[] = [];
  let bytes = 0;
  const keep = (notice: Notice, size: number) => {
    kept.unshift({ notice, bytes: size });
    bytes += size;
    while (kept.length > limits.notices || (bytes > limits.bytes && kept.length > 1))
      bytes -= kept.pop()?.bytes ?? 0;
  };
  const list = () => kept.map(({ notice }) => notice);
  if (file === undefined) {
    return {
      list,
      notReady: () => null,
      add: (notice) => Promise.resolve(keep(notice, sizeOf(lineOf(notice)))),
    };
  }
  const [aside, text] = [await textOf(`${file}.1`), await textOf(file)];
  let bad = 0;
  for (const line of `${aside}\n${text}`.split('\n').filter((l) => l.trim() !== '')) {
    const notice = readLine(line);
    if (notice === undefined) bad++;
    else keep(notice, sizeOf(line));
  }
  if (bad > 0) log.warn({ file, lines: bad }, 'lines that are no notices are left out');

  let size = sizeOf(text);
  const write = async (line: string) => {
    if (size > 0 && size + sizeOf(line) > limits.bytes) {
      await rename(file, `${file}.1`);
      size = 0;
    }
    await appendFile(file, line, { mode: 0o600 });
    size += sizeOf(line);
  };
  // What a killed process left of a line must not swallow the next one; and a folder that is not there is told now.
  await write(text === '' || text.endsWith('\n') ? '' : '\n').catch((error: unknown) => {
    throw unusable(file, error);
  });
  let failure: string | null = null;
  let last = Promise.resolve();
  return {
    list,
    notReady: () => failure,
    add(notice) {
      const line = lineOf(notice);
      keep(notice, sizeOf(line));
      last = last
        .then(() => write(line))
        .then(
          () => {
            failure = null;
          },
          (error: unknown) => {
            failure = `${file} cannot be written: ${(error as Error).message}`;
            log.error(failure);
          },
        );
      return last;
    },
  };
}

function lineOf(notice: Notice): string {
  return `${JSON.stringify(notice)}\n`;
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}

function readLine(line: string): Notice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unusable(file, error);
  });
}

function unusable(file: string, error: unknown): OperatorError {
  return new OperatorError(
    `--file ${file}: ${(error as Error).message}; name a file in a folder that this user may write to`,
    EXIT.config,
    { cause: error },
  );
}
