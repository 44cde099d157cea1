export { createBatchingPublisher } from './batching';
export { createKafka } from './client';
export { createBrokerProbe } from './probe';
export { type OutgoingMessage, type Publisher, createPublisher } from './publisher';
export { reachBroker } from './reach';
export { ensureTopics, createTopics } from './topics';
export { type TopicState, readTopics } from './topicState';
