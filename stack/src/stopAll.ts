import { OperatorError } from '@rastreio/runtime';

export interface Stoppable {
  readonly name?: string;
  /** @param graceMs how long a process may take before it is killed, instead of its own time */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/** They end in their own time also in a hurry: what a killed server has to read again takes longer than its stop. */
const SERVERS: readonly (string | undefined)[] = ['kafka', 'database'];
const HURRIED_MS = 3_000;

/**
 * Stops in reverse order, so that nobody loses what it still needs. One that will not stop does not keep the others alive. In a hurry,
 * after something has failed, the services stop at once: what they would wait for may be gone, and being killed costs them nothing.
 * @throws OperatorError with what did not stop
 */
export async function stopAll(started: readonly Stoppable[], hurry: boolean): Promise<void> {
  const failures: unknown[] = [];
  const stop = (part: Stoppable, graceMs?: number) =>
    part.stop(graceMs).catch((error: unknown) => void failures.push(error));
  const order = [...started].reverse();
  const isServer = ({ name }: Stoppable) => SERVERS.includes(name);
  if (hurry) await Promise.all(order.filter((part) => !isServer(part)).map((part) => stop(part, HURRIED_MS)));
  for (const part of hurry ? order.filter(isServer) : order) await stop(part);
  if (failures.length > 0) throw new OperatorError(`Stopping failed: ${failures.map(String).join('; ')}`);
}
