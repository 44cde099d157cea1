import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, KafkaJSProtocolError, RetryOptions } from 'kafkajs';
import { isBrokerAway } from './away';

const PAUSE_MS = 200;
/** What of an admin asks a broker nothing, or goes on trying by itself. */
const BY_ITSELF = new Set<PropertyKey>(['connect', 'logger', 'on']);
/** What a broker answers whose part another has taken, or that has not taken it yet. */
const MOVED = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'LEADER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_LEADER_FOR_PARTITION',
]);

/**
 * An admin that asks again where the broker that kafkajs happened to choose does not answer, as one that is frozen or was just lost, or
 * is not the one to ask any more: the next may. kafkajs by itself gives up at the first whose metadata does not come. What was made or
 * set already may be asked for again. A broker that goes on later still does what it was asked then, though nobody listens.
 *
 * @param retry for how long: `retries` times `maxRetryTime`, which is how long kafkajs tries to connect
 */
export function askAgain(admin: Admin, { retries = 5, maxRetryTime = 30_000 }: RetryOptions): Admin {
  let open = true;
  const ask = async (call: () => unknown): Promise<unknown> => {
    const started = performance.now();
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const over = performance.now() - started >= retries * maxRetryTime;
        if (over || !anotherMayAnswer(error)) throw error;
        await sleep(PAUSE_MS);
        // kafkajs would connect again.
        if (!open) throw error;
      }
    }
  };
  return new Proxy(admin, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || BY_ITSELF.has(name)) return value;
      return (...args: unknown[]) => {
        const call = () => Reflect.apply(value, target, args) as unknown;
        if (name !== 'disconnect') return ask(call);
        open = false;
        return call();
      };
    },
  });
}

function anotherMayAnswer(error: unknown): boolean {
  return isBrokerAway(error) || MOVED.has((error as Partial<KafkaJSProtocolError>).type ?? '');
}
