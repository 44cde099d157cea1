import type { Log } from '@rastreio/runtime';
import { logLevel, type Kafka, type LogEntry, type RetryOptions } from 'kafkajs';
import { mendDecoding } from './codecs/decoding';
import { registerCodecs } from './codecs/register';
import { ReconnectingKafka } from './reconnect';

export interface KafkaOptions {
  /** `host:port`, several separated by commas. */
  readonly brokers: string;
  readonly clientId: string;
  readonly log: Log;
  /** How long to go on trying while the broker is away; RETRY where left out. */
  readonly retry?: RetryOptions;
  /** How long an answer may take before the connection counts as dead. */
  readonly requestTimeoutMs?: number;
}

/**
 * About five minutes in all; what is still refused then goes to the caller, who decides. A broker that comes back is noticed
 * within three seconds.
 */
export const RETRY = { retries: 100, initialRetryTime: 200, maxRetryTime: 3_000 };

/** A kafkajs client that logs through ours, reads every compression and goes on trying while the broker is away. */
export function createKafka({
  brokers,
  clientId,
  log,
  retry = RETRY,
  requestTimeoutMs = 30_000,
}: KafkaOptions): Kafka {
  // kafkajs warns once per process about its partitioner's change of default, which we choose explicitly.
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  registerCodecs();
  mendDecoding();
  return new ReconnectingKafka({
    brokers: brokers.split(',').map((broker) => broker.trim()),
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(log, entry),
  });
}

function logEntry(log: Log, { level, namespace, log: entry }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, ...details } = entry;
  const line = { kafka: namespace, ...details };
  // Said of every producer that gives up at some point. Ours does on purpose: the caller sends again, which counts nothing twice.
  if (message.startsWith('Limiting retries')) return log.debug(line, message);
  // A broker that is away is retried, so a lone failed try is no error of this service.
  if (level === logLevel.ERROR || level === logLevel.WARN) log.warn(line, message);
  else log.debug(line, message);
}
