import { type Log } from '@rastreio/runtime';
import { ConfigResourceTypes, type Admin, type ITopicConfig, type KafkaJSProtocolError } from 'kafkajs';
import { createKafka } from './client';
import { topicDifferences, wantedTopics, type TopicDifference } from './wantedTopics';

/** How one of our topics is. */
export interface TopicState {
  readonly name: string;
  readonly partitions: number;
  /** Partitions that have a leader. */
  readonly led: number;
  /** What is not as `ensureTopics` makes it, but for the number of partitions, which somebody may have chosen. */
  readonly differs: readonly TopicDifference[];
}

/** The state of those of our topics that a Kafka has. Asks once. @throws when it does not answer */
export async function readTopics({ brokers, log }: { brokers: string; log: Log }): Promise<TopicState[]> {
  const retry = { retries: 0 };
  const admin = createKafka({ brokers, clientId: 'rastreio-topics', log, retry }).admin({ retry });
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const { brokers: members } = await admin.describeCluster();
    const wanted = wantedTopics({}, members.length).filter(({ topic }) => there.has(topic));
    return await Promise.all(wanted.map((topic) => stateOf(admin, topic, log)));
  } finally {
    await admin.disconnect();
  }
}

async function stateOf(admin: Admin, wanted: ITopicConfig, log: Log): Promise<TopicState> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [wanted.topic] });
  const partitions = topics.flatMap((topic) => topic.partitions);
  const differs = await differencesOf(admin, wanted, log);
  return {
    name: wanted.topic,
    partitions: partitions.length,
    led: partitions.filter(({ leader }) => leader >= 0).length,
    differs: differs.filter(({ setting }) => setting !== 'partitions'),
  };
}

/** What of a topic that is there differs from what is wanted; its settings only where this user may read them. */
export async function differencesOf(
  admin: Admin,
  wanted: ITopicConfig,
  log: Log,
): Promise<TopicDifference[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [wanted.topic] });
  const partitions = topics.flatMap((t) => t.partitions);
  const entries = await readSettings(admin, wanted.topic).catch((error: Partial<KafkaJSProtocolError>) => {
    if (error.type?.endsWith('AUTHORIZATION_FAILED') !== true) throw error;
    log.warn(
      { topic: wanted.topic },
      'this user may not read the settings of the topic; they are not compared',
    );
    return undefined;
  });
  const compared = entries === undefined ? { ...wanted, configEntries: [] } : wanted;
  return topicDifferences(compared, {
    partitions: partitions.length,
    replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: new Map(entries?.map(({ configName, configValue }) => [configName, configValue])),
  });
}

/** All settings of a topic, with where each value comes from. */
export async function readSettings(admin: Admin, topic: string) {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  return resources.flatMap((resource) => resource.configEntries);
}
