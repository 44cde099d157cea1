import { type Log } from '@rastreio/runtime';
import { ConfigResourceTypes } from 'kafkajs';
import { createKafka } from './client';
import { WANTED_SETTINGS } from './topics';

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
    const wanted = Object.entries(WANTED_SETTINGS).filter(([name]) => there.has(name));
    if (wanted.length === 0) return [];
    const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(([name]) => name) });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map(([name, settings]) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: Object.keys(settings),
      })),
    });
    return topics.map(({ name, partitions }) => {
      const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
      const differs = Object.entries(WANTED_SETTINGS[name] ?? {}).flatMap(([setting, value]) => {
        const is = entries.find(({ configName }) => configName === setting)?.configValue ?? '';
        return is === String(value) ? [] : [{ setting, is, wanted: String(value) }];
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
