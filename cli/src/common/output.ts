import { Writable } from 'node:stream';
import { createLog, printableJson, printableLines, type Log, type LogLevel } from '@rastreio/runtime';

let quiet = false;

/** With `--json` nothing but errors goes to stderr. */
export function beQuiet(): void {
  quiet = true;
}

/** Tells a person something, on stderr. What strangers sent is only shown, and cannot move the cursor. */
export function say(text: string): void {
  if (!quiet) process.stderr.write(printableLines(text.endsWith('\n') ? text : `${text}\n`));
}

/** Where progress is drawn: stderr, or nowhere. */
export function progressStream(): NodeJS.WriteStream {
  if (!quiet) return process.stderr;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return Object.assign(nowhere, { isTTY: false }) as unknown as NodeJS.WriteStream;
}

/** A log on stderr for what a command uses; with `--json` of errors only. */
export function commandLog(service: string, level: LogLevel = 'warn'): Log {
  return createLog(service, quiet ? 'error' : level, 'stderr');
}

/** What came of a command: the one JSON object on stdout, its last line. What strangers sent cannot move the cursor. */
export function printResult(
  command: string,
  result: object,
  stream: NodeJS.WriteStream = process.stdout,
): void {
  stream.write(`${printableJson({ command, ...result })}\n`);
}
