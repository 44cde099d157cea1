import { type Log } from '@rastreio/runtime';
import { ConfigResourceTypes } from 'kafkajs';
import { createKafka } from './client';
import { wantedTopics } from './wantedTopics';

/** How one of our topics is. */
export interface TopicState {
  readonly name: string;
  readonly partitions: number;
  /** Partitions that have a leader. */
  readonly led: number;
  /** Settings that are not as `ensureTopics` makes them. */
  readonly differs: readonly { readonly setting: string; readonly is: string; readonly wanted: string }[];
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
    if (wanted.length === 0) return [];
    const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map(({ topic, configEntries = [] }) => ({
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configNames: configEntries.map(({ name }) => name),
      })),
    });
    return topics.map(({ name, partitions }) => {
      const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
      const settings = wanted.find(({ topic }) => topic === name)?.configEntries ?? [];
      const differs = settings.flatMap(({ name: setting, value }) => {
        const is = entries.find(({ configName }) => configName === setting)?.configValue ?? '';
        return is === value ? [] : [{ setting, is, wanted: value }];
      });
      return {
        name,
        partitions: partitions.length,
        led: partitions.filter(({ leader }) => leader >= 0).length,
        differs,
      };
    });
  } finally {
    await admin.disconnect();
  }
}
