import pino, { type Logger } from 'pino';
import { printable } from './printable';
import { redact } from './secrets';

export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOST = new Set(['EPIPE', 'EIO', 'ENOSPC', 'EDQUOT']);

/** A JSON-lines logger on stdout (stderr for commands whose stdout is their result). Secrets are blanked. */
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
      hooks: { streamWrite: (line) => `${printable(redact(line.trimEnd()))}\n` },
    },
    destination,
  );
}
