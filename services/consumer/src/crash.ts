import { OperatorError } from '@rastreio/runtime';
import { KafkaJSError } from 'kafkajs';

/** Errors by which kafkajs says that no broker answers for what it wants, some of which it calls final. */
const AWAY = new Set([
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionClosedError',
  'KafkaJSConnectionError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSTopicMetadataNotLoaded',
]);

/** What kafkajs throws, without a type of its own, when it asks a broker whose connection was lost meanwhile. */
const NOT_CONNECTED = 'Broker not connected';

/** Whether a consumer crashed because brokers are away: whatever kafkajs thinks of it, they will be back. */
export function isBrokerAway(error: unknown): boolean {
  return causes(error).some(({ name, message }) => AWAY.has(name) || message === NOT_CONNECTED);
}

/** Whether kafkajs itself says that asking again may help, as while a group has no coordinator yet. */
export function isPassing(error: unknown): boolean {
  return causes(error).some((e) => e instanceof KafkaJSError && e.retriable);
}

/** Whether a person must act: starting again would meet the same error for ever. */
export function needsPerson(error: unknown): boolean {
  // The second: a batch packed with a codec that is not built in.
  return causes(error).some((e) => e instanceof OperatorError || e.name === 'KafkaJSNotImplemented');
}

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let e = error; e instanceof Error; e = e.cause) chain.push(e);
  return chain;
}
