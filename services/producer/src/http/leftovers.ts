import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What is read of a body that nobody wants, so that its sender comes to read the answer, and how long that is tried. */
const MAX_BYTES = 262_144;
const MAX_MS = 500;

/**
 * Lets an answer that comes before the end of its request's body reach the sender: the rest is read up to a bound and thrown
 * away. Beyond it the connection ends with the answer.
 */
export function readLeftovers(app: FastifyInstance): void {
  app.addHook('onSend', async ({ raw, headers }, reply) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody && !(await ended(raw))) reply.header('connection', 'close');
  });
}

/** Whether the body ended within the bounds. */
function ended(raw: IncomingMessage): Promise<boolean> {
  if (raw.readableEnded) return Promise.resolve(true);
  return new Promise((resolve) => {
    let bytes = 0;
    const stop = (result: boolean) => {
      clearTimeout(timer);
      raw.off('readable', read).off('end', onEnd).off('close', onClose).off('error', onClose);
      resolve(result);
    };
    const read = () => {
      for (let chunk = raw.read() as Buffer | null; chunk !== null; chunk = raw.read() as Buffer | null)
        bytes += chunk.length;
      if (bytes > MAX_BYTES) stop(false);
    };
    const onEnd = () => stop(true);
    const onClose = () => stop(false);
    const timer = setTimeout(onClose, MAX_MS);
    raw.on('readable', read).on('end', onEnd).on('close', onClose).on('error', onClose);
    read();
  });
}
