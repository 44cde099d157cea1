import type { Log } from '@rastreio/runtime';
import { logLevel, type KafkaConfig, type LogEntry, type RetryOptions } from 'kafkajs';
import { mendDecoding } from './codecs/decoding';
import { registerCodecs } from './codecs/register';
import { ReconnectingKafka } from './reconnect';
import { warningOf, type KafkaConnection, type KafkaSecurity } from './security/connection';
import { explainFailure, explainLogged } from './security/failure';
import { listBrokers } from './security/settings';

export interface KafkaOptions extends Pick<KafkaConnection, 'brokers'> {
  /** How it gets in; where left out, without TLS, name or password. */
  readonly security?: KafkaSecurity;
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
  security = {},
  clientId,
  log,
  retry = RETRY,
  requestTimeoutMs = 30_000,
}: KafkaOptions): ReconnectingKafka {
  // kafkajs warns once per process about its partitioner's change of default, which we choose explicitly.
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  registerCodecs();
  mendDecoding();
  const warning = warningOf(brokers, security);
  if (warning !== undefined) log.warn(warning);
  const options: KafkaConfig = {
    brokers: listBrokers(brokers),
    clientId,
    // kafkajs keeps what it makes of them in these objects.
    ...(security.ssl && { ssl: { ...security.ssl } }),
    ...(security.sasl && { sasl: { ...security.sasl } }),
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(log, entry),
  };
  return new ReconnectingKafka(options, (broker, error) => {
    const explained = explainFailure(error, security);
    if (explained !== undefined) log.warn({ broker }, explained.text);
  });
}

function logEntry(log: Log, { level, namespace, log: entry }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, ...details } = entry;
  const line = { kafka: namespace, ...details };
  // Said of every producer that gives up at some point. Ours does on purpose: the caller sends again, which counts nothing twice.
  if (message.startsWith('Limiting retries')) return log.debug(line, message);
  // A broker that is away is retried, so a lone failed try is no error of this service.
  const explained = explainLogged(details.error);
  if (explained !== undefined) log.warn(line, explained);
  else if (level === logLevel.ERROR || level === logLevel.WARN) log.warn(line, message);
  else log.debug(line, message);
}
