import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';

export interface DownloadOptions {
  /** Ends it; what has arrived so far is kept for the next attempt. */
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
  /** Told with every piece that arrives; the whole size is undefined where the server does not say it. */
  readonly onProgress?: (received: number, whole: number | undefined) => void;
}

/** When a server counts as gone. */
export interface DownloadLimits {
  /** Until its answer begins, name lookup included. */
  readonly answerMs: number;
  /** In every span of this length ... */
  readonly stallMs: number;
  /** ... at least this much must arrive. */
  readonly stallBytes: number;
}

const LIMITS: DownloadLimits = { answerMs: 15_000, stallMs: 30_000, stallBytes: 256 * 1024 };

/**
 * Reads a small text. Proxies are those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 * @throws Error with one line that says what went wrong
 */
export async function downloadText(
  url: string,
  { signal, limits = LIMITS }: DownloadOptions,
): Promise<string> {
  return withAnswer(url, {}, signal, limits, async (answer) => {
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    return answer.text();
  });
}

/**
 * Fetches `url` into `file`, going on where an earlier attempt stopped if the server can. Nothing is promised about the
 * content: compare its checksum.
 * @throws Error with one line that says what went wrong
 */
export async function download(
  url: string,
  file: string,
  { signal, limits = LIMITS, onProgress = () => undefined }: DownloadOptions,
): Promise<void> {
  const have = (await stat(file).catch(() => undefined))?.size ?? 0;
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  await withAnswer(url, headers, signal, limits, async (answer, received) => {
    // Nothing after what we have: it is whole, and the checksum says whether it is right.
    if (answer.status === 416) return;
    if (!answer.ok || answer.body === null) throw new Error(`${url} answers ${answer.status}`);
    const resumed = answer.status === 206;
    const length = Number(answer.headers.get('content-length') ?? Number.NaN);
    const whole = Number.isFinite(length) ? length + (resumed ? have : 0) : undefined;
    let sum = resumed ? have : 0;
    await pipeline(
      Readable.fromWeb(answer.body),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          received(piece.length);
          onProgress((sum += piece.length), whole);
          yield piece;
        }
      },
      createWriteStream(file, { flags: resumed ? 'a' : 'w' }),
    );
    if (whole !== undefined && sum !== whole) throw new Error(`${url} ended after ${sum} of ${whole} bytes`);
  });
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Removes what `download` left of an attempt. */
export async function forget(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function withAnswer<T>(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  limits: DownloadLimits,
  read: (answer: Response, received: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const gone = new AbortController();
  const dispatcher = new EnvHttpProxyAgent();
  let arrived = 0;
  let watch = setTimeout(
    () => gone.abort(new Error(`no answer from ${hostOf(url)} within ${limits.answerMs / 1000} s`)),
    limits.answerMs,
  );
  try {
    const answer = await fetch(url, {
      headers,
      dispatcher,
      signal: AbortSignal.any([signal, gone.signal]),
    });
    clearTimeout(watch);
    watch = setInterval(() => {
      if (arrived < limits.stallBytes)
        gone.abort(new Error(`${hostOf(url)} sent ${arrived} bytes in ${limits.stallMs / 1000} s`));
      arrived = 0;
    }, limits.stallMs);
    return await read(answer, (bytes) => (arrived += bytes));
  } catch (error) {
    signal.throwIfAborted();
    throw gone.signal.aborted ? (gone.signal.reason as Error) : new Error(causeOf(error), { cause: error });
  } finally {
    clearInterval(watch);
    await dispatcher.destroy();
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}

/** What is behind "fetch failed" and "terminated". */
function causeOf(error: unknown): string {
  const { message, cause, errors } = error as { message?: string; cause?: unknown; errors?: unknown[] };
  const deeper = cause ?? errors?.[0];
  return deeper === undefined ? (message ?? String(error)) : causeOf(deeper);
}
