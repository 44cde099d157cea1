import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { createKafka, type KafkaOptions } from './client';
import { explainFailure, explainMissingRight } from './security/failure';
import type { KafkaSecurity } from './security/connection';

export interface ReachOptions extends Pick<KafkaOptions, 'brokers' | 'security' | 'log'> {
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
 * @throws OperatorError that names the address, after `patienceMs` or when `signal` aborts; at once (exit code 78) where Kafka lets
 *   us in with no settings that are ours
 */
export async function reachBroker({
  patienceMs = PATIENCE_MS,
  tell = () => undefined,
  signal,
  ...options
}: ReachOptions): Promise<void> {
  const { brokers, security = {} } = options;
  const deadline = Date.now() + patienceMs;
  for (let told = false; ; told = true) {
    try {
      return await tryOnce(options);
    } catch (error) {
      const explained = explainFailure(error, security);
      if (explained?.permanent === true) throw notAdmitted(error, options);
      const said = `Kafka does not answer at ${brokers} (${(error as Error).message}${explained === undefined ? '' : `: ${explained.text}`})`;
      if (Date.now() > deadline)
        throw new OperatorError(
          `${said}; start it (npm start), or give --brokers or KAFKA_BROKERS`,
          undefined,
          { cause: error },
        );
      if (!told) tell(`${said}; trying for ${Math.round(patienceMs / 1000)} s`);
    }
    await sleep(PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw new OperatorError(`Stopped before Kafka answered at ${brokers}.`);
    });
  }
}

/**
 * Tries once whether Kafka lets us in, for a service that starts: it can wait for a broker that is away, and not for one that says no.
 * @throws OperatorError (exit code 78) that says what to correct
 */
export async function assertAdmitted(options: ReachOptions): Promise<void> {
  try {
    await tryOnce(options);
  } catch (error) {
    const explained = explainFailure(error, options.security);
    if (explained?.permanent === true) throw notAdmitted(error, options);
    if (explained !== undefined) options.log.warn(`Kafka at ${options.brokers}: ${explained.text}`);
  }
}

/** The error (exit code 78) that says why Kafka lets nobody in with these settings; any other failure as it is. */
export function notAdmitted(
  error: unknown,
  { brokers, security }: { readonly brokers: string; readonly security?: KafkaSecurity },
): unknown {
  // One of ours says already what to do.
  const explained = error instanceof OperatorError ? undefined : explainFailure(error, security);
  if (explained?.permanent !== true) return error;
  return new OperatorError(`Kafka at ${brokers} does not let us in: ${explained.text}`, EXIT.config, {
    cause: error,
  });
}

/**
 * The error that says which right somebody lacks whom Kafka lets in: exit code 78, or 1 where it may be something that passes. Any other
 * failure as it is.
 */
export function refused(error: unknown): unknown {
  const found = error instanceof OperatorError ? undefined : explainMissingRight(error);
  if (found === undefined) return error;
  return new OperatorError(`Kafka: ${found.text}`, found.permanent ? EXIT.config : EXIT.wrong, {
    cause: error,
  });
}

async function tryOnce({ brokers, security, log }: ReachOptions): Promise<void> {
  const admin = createKafka({
    brokers,
    ...(security && { security }),
    clientId: 'rastreio-reach',
    // Of many tries and their words only the last is of interest, which is thrown.
    log: log.child({}, { level: 'silent' }),
    retry: { retries: 0 },
  }).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    // Until something is asked, a listener that wants a name and password says nothing.
    await admin.describeCluster();
  } finally {
    // A broken connection needs no farewell.
    await admin.disconnect().catch(() => undefined);
  }
}
