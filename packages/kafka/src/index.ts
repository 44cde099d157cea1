export { createBatchingPublisher } from './batching';
export { createKafka } from './client';
export { createBrokerProbe } from './probe';
export { type OutgoingMessage, type Publisher, createPublisher } from './publisher';
export { assertAdmitted, notAdmitted, reachBroker } from './reach';
export { type KafkaConnection, type KafkaSecurity, kafkaConnection } from './security/connection';
export { kafkaSchema, kafkaSettings, NO_SECURITY } from './security/settings';
export { ensureTopics, createTopics } from './topics';
export { type TopicState, readTopics } from './topicState';
