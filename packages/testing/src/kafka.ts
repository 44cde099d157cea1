import { started } from './started';

/** `host:port` of the Kafka broker of this run. */
export const KAFKA_BROKERS = started('TEST_KAFKA_BROKERS');
