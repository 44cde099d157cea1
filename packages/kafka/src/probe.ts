import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { KafkaSecurity } from './security/connection';
import { explainFailure } from './security/failure';

export interface BrokerProbe {
  /** Null when the broker answers for the topic, else one sentence that says what is missing. Never throws. */
  readonly check: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** An answer is good for this long, so that many health checks cost one. */
const FRESH_MS = 2_000;
const TIMEOUT_MS = 3_000;

/** Asks the broker whether it has the topic and a leader for each of its partitions. @param security with which `kafka` gets in */
export function createBrokerProbe(kafka: Kafka, topic: string, security: KafkaSecurity = {}): BrokerProbe {
  let admin: Admin | undefined;
  let last: { at: number; answer: Promise<string | null> } | undefined;
  const ask = async (): Promise<string | null> => {
    try {
      if (admin === undefined) {
        const fresh = kafka.admin({ retry: { retries: 0 } });
        await fresh.connect();
        admin = fresh;
      }
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const leaderless = topics.flatMap((t) => t.partitions).filter((p) => p.leader < 0);
      return leaderless.length === 0
        ? null
        : `${leaderless.length} partitions of ${topic} have no leader; check the brokers`;
    } catch (error) {
      const failed = admin;
      admin = undefined;
      // It is broken anyway; the first error is the one to tell.
      await failed?.disconnect().catch(() => undefined);
      const explained = explainFailure(error, security);
      return explained === undefined
        ? `Kafka does not answer: ${(error as Error).message}; check KAFKA_BROKERS and the broker`
        : `Kafka does not let us in: ${explained.text}`;
    }
  };
  const check = async () => {
    const timer = new AbortController();
    const late = sleep(TIMEOUT_MS, 'Kafka does not answer in time; check KAFKA_BROKERS and the broker', {
      signal: timer.signal,
    }).catch(() => null);
    const answer = await Promise.race([ask(), late]);
    timer.abort();
    return answer;
  };
  return {
    check: () => {
      if (last === undefined || Date.now() - last.at > FRESH_MS) last = { at: Date.now(), answer: check() };
      return last.answer;
    },
    close: async () => {
      await admin?.disconnect();
      admin = undefined;
    },
  };
}
