import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { EXIT, OperatorError } from './exitCodes';
import { createLog, type Log } from './log';
import { printableLines } from './printable';
import { takeSecretFiles } from './secretFiles';
import { hideKnown, keepSecretsOf, redact } from './secrets';

export interface Running {
  /** Finishes the work in hand and lets everything go. */
  readonly stop: () => Promise<void>;
  /** Settles when the service ends by itself; rejects when it must not go on. */
  readonly finished?: Promise<void>;
}

/**
 * Of an error of the process itself. With a listener, Node.js comes back to the instruction that failed, which fails again, at full
 * speed for ever; without one the process ends, and whoever watches it sees that.
 */
const FATAL = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const;

/** How long a stop may take before the process ends anyway; below the 30 s that orchestrators usually grant. */
const STOP_TIMEOUT_MS = 25_000;

/**
 * Runs a service: starts it, stops it on SIGTERM, SIGINT or when it ends, and sets the exit code.
 * An error before or after the start is logged once and ends the process, never leaves it half alive. Secrets may come as files
 * ({@link takeSecretFiles}), for a command too.
 *
 * @param stopTimeoutMs how long a stop may take before the process ends anyway
 */
export async function runService(
  name: string,
  start: (log: Log) => Promise<Running>,
  log: Log = createLog(name),
  stopTimeoutMs: number = STOP_TIMEOUT_MS,
): Promise<void> {
  let running: Running | undefined;
  const grace = closeWithGrace(
    { delay: stopTimeoutMs, logger: false, skip: [...FATAL] },
    async ({ signal, err }) => {
      if (err !== undefined) logFailure(log, err);
      else log.info({ signal }, 'stopping');
      await running?.stop();
      log.info('stopped');
      if (err !== undefined) process.exit(exitCodeOf(err));
    },
  );
  try {
    takeSecrets();
    running = await start(log);
    await running.finished;
    if (running.finished !== undefined) grace.close();
  } catch (error) {
    logFailure(log, error);
    const stopped = running
      ?.stop()
      .catch((stopError: unknown) => log.error({ err: stopError }, 'stopping failed as well'));
    // What failed may be what its stop waits for.
    await Promise.race([stopped, sleep(stopTimeoutMs)]);
    process.exit(exitCodeOf(error));
  }
}

/**
 * Runs a command: an {@link OperatorError} prints its message, any other error its stack; sets the exit code. A reader that has seen
 * enough (`| head`) or a terminal that was closed does not end it: what it does is done all the same.
 */
export async function runCommand(command: () => Promise<number | void>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreLostReader);
  try {
    takeSecrets();
    process.exitCode = (await command()) ?? EXIT.done;
  } catch (error) {
    const text =
      error instanceof OperatorError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    // The message may quote what a stranger sent.
    process.stderr.write(`${printableLines(redact(text))}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** Reads secrets that come as files, and keeps all of them out of what is printed. */
function takeSecrets(): void {
  hideInStreams();
  // Before the files are read too: what is wrong with one of them is told with the values of others around.
  keepSecretsOf(process.env, process.argv.slice(2));
  takeSecretFiles(process.env);
  keepSecretsOf(process.env);
}

let hidden = false;

/** Whoever writes to stdout or stderr, be it commander with what somebody typed: no secret of ours goes out. Logs have their own way. */
function hideInStreams(): void {
  if (hidden) return;
  hidden = true;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === 'string' ? hideKnown(chunk) : chunk, ...rest);
  }
}

/** EPIPE: nobody reads the pipe any more; EIO: the terminal is gone. */
function ignoreLostReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

/** The exit code an error asks for. */
function exitCodeOf(error: unknown): number {
  return error instanceof OperatorError ? error.exitCode : EXIT.wrong;
}

function logFailure(log: Log, error: unknown): void {
  if (error instanceof OperatorError) log.fatal(error.message);
  else log.fatal({ err: error }, 'failed');
}
