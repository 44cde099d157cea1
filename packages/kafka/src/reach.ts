import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError, type Log } from '@rastreio/runtime';
import { createKafka } from './client';

export interface ReachOptions {
  readonly brokers: string;
  readonly log: Log;
  /** How long to go on asking; a broker that starts takes some seconds. */
  readonly patienceMs?: number;
  /** Told once, after the first try. */
  readonly tell?: (text: string) => void;
  readonly signal?: AbortSignal;
}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;

/**
 * Waits until Kafka answers, for a command that somebody sits before: the client alone would go on for minutes without a word.
 * @throws OperatorError that names the address, after `patienceMs` or when `signal` aborts
 */
export async function reachBroker({
  brokers,
  log,
  patienceMs = PATIENCE_MS,
  tell = () => undefined,
  signal,
}: ReachOptions): Promise<void> {
  // Of its many tries and their words only the last is of interest.
  const quiet = log.child({}, { level: 'silent' });
  const admin = createKafka({
    brokers,
    clientId: 'rastreio-reach',
    log: quiet,
    retry: { retries: 0 },
  }).admin({ retry: { retries: 0 } });
  const deadline = Date.now() + patienceMs;
  for (let told = false; ; told = true) {
    try {
      await admin.connect();
      await admin.disconnect();
      return;
    } catch (error) {
      const said = `Kafka does not answer at ${brokers} (${(error as Error).message})`;
      if (Date.now() > deadline)
        throw new OperatorError(
          `${said}; start it (npm start), or give --brokers or KAFKA_BROKERS`,
          undefined,
          {
            cause: error,
          },
        );
      if (!told) tell(`${said}; trying for ${Math.round(patienceMs / 1000)} s`);
    }
    await sleep(PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw new OperatorError(`Stopped before Kafka answered at ${brokers}.`);
    });
  }
}
