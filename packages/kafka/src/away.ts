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

/** Whether something failed because brokers are away: whatever kafkajs thinks of it, they will be back. */
export function isBrokerAway(error: unknown): boolean {
  return causes(error).some(({ name, message }) => AWAY.has(name) || message === NOT_CONNECTED);
}

/** An error and what it says it comes from, outermost first. */
export function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let e = error; e instanceof Error; e = e.cause) chain.push(e);
  return chain;
}
