import pino, { type Logger } from 'pino';
import { printable } from './printable';

export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOST = new Set(['EPIPE', 'EIO', 'ENOSPC', 'EDQUOT']);

/** A JSON-lines logger on stdout (stderr for commands whose stdout is their result). Passwords in URLs are blanked. */
export function createLog(
  service: string,
  level: LogLevel = 'info',
  stream: 'stdout' | 'stderr' = 'stdout',
): Log {
  const destination = pino.destination({ dest: stream === 'stdout' ? 1 : 2, sync: true });
  // A closed terminal (EIO) or a full disk loses lines and ends nothing; pino sees to closed pipes itself.
  destination.on('error', (error: NodeJS.ErrnoException) => {
    if (!LOST.has(error.code ?? '')) throw error;
  });
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      // JSON escapes the controls of ASCII, and not those beyond.
      hooks: { streamWrite: (line) => `${printable(redactUrls(line.trimEnd()))}\n` },
    },
    destination,
  );
}

/** Blanks the password of every URL in a text. */
export function redactUrls(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)[^\s/"]+@/gi, '$1***@');
}
