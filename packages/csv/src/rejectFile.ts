import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Rejection } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { encodeText, type Encoding, DELIMITERS } from '@rastreio/rows';
import type { CsvRow } from './eventFile';
import type { Layout } from './layout';

/** The columns that a reject file puts before those of the imported file. */
const REJECT_COLUMNS = ['linha', 'motivo', 'detalhe'] as const;

const FLUSH_BYTES = 64 * 1024;

/** The reject file of an import where none is named. */
export function defaultRejectFile(file: string): string {
  return `${file}.rejeitados.csv`;
}

/**
 * The bad rows of one import, each with line, reason and detail before its original bytes, so that the file can be imported
 * itself once its values are corrected. It is made with the first bad row, as FILE.new, and takes its name when the import ends.
 */
export class RejectFile {
  private handle: FileHandle | undefined;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private readonly unfinished: string;

  constructor(
    readonly file: string,
    private readonly layout: Layout,
    private readonly encoding: Encoding,
  ) {
    this.unfinished = `${file}.new`;
  }

  /** Keeps a row. @throws OperatorError when the file cannot be written */
  async add({ line, raw }: CsvRow, { reason, detail }: Rejection): Promise<void> {
    if (this.handle === undefined) {
      this.handle = await this.writing(() => open(this.unfinished, 'w'));
      this.push(this.layout.bom, this.line(REJECT_COLUMNS, this.layout.header));
    }
    this.push(this.line([String(line), reason, `"${detail.replaceAll('"', '""')}"`], raw));
    if (this.pendingBytes >= FLUSH_BYTES) await this.flush(this.handle);
  }

  /**
   * Ends an import that read the whole file: the file with this import's rows takes the place of an earlier import's; without
   * bad rows an earlier one is removed, since it no longer says anything.
   *
   * @throws OperatorError when the file cannot be written
   */
  async finish(): Promise<void> {
    const { handle } = this;
    if (handle === undefined) {
      await this.writing(() => removeRejectFile(this.file));
      return;
    }
    await this.flush(handle);
    await this.writing(async () => {
      await handle.sync();
      await handle.close();
      await rename(this.unfinished, this.file);
    });
  }

  /** Ends an import that failed: an earlier reject file stays as it is. */
  async discard(): Promise<void> {
    await this.handle?.close();
    if (this.handle !== undefined) await rm(this.unfinished, { force: true });
  }

  private line(cells: readonly string[], rest: Buffer): Buffer {
    const { delimiter, lineBreak } = this.layout;
    const ours = encodeText(`${cells.join(delimiter)}${delimiter}`, this.encoding);
    return Buffer.concat([ours, rest, Buffer.from(lineBreak)]);
  }

  private push(...parts: readonly Buffer[]): void {
    for (const part of parts) {
      this.pending.push(part);
      this.pendingBytes += part.length;
    }
  }

  private async flush(handle: FileHandle): Promise<void> {
    const bytes = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    await this.writing(() => handle.appendFile(bytes));
  }

  private async writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw new OperatorError(
        `${this.file}: the rejected rows cannot be written: ${(error as Error).message}; name another file with --rejects, then import again`,
        EXIT.wrong,
        { cause: error },
      );
    }
  }
}

/** Removes a reject file, and no other file that stands in its place. */
async function removeRejectFile(file: string): Promise<void> {
  let start: Buffer;
  try {
    start = await readStart(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const text = start.toString('latin1').replace(/^(?:\xef\xbb\xbf)+/, '');
  if (DELIMITERS.some((delimiter) => text.startsWith(`${REJECT_COLUMNS.join(delimiter)}${delimiter}`)))
    await rm(file);
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
