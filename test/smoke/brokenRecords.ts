import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { oddSurroundings } from '@rastreio/testing/oddRecords';
import { takeAnyTime } from '@rastreio/testing/topic';

export interface BrokenRecords {
  readonly sent: number;
  /** Of them no events. */
  readonly rejected: number;
  /** Of them those whose own time cannot be true. */
  readonly untimed: number;
}

/** Sends records of which nothing is right beside good events whose records are odd, as a foreign producer may, all to one partition. */
export async function sendBrokenRecords(brokers: string): Promise<BrokenRecords> {
  const kafka = createKafka({ brokers, clientId: 'smoke', log: createLog('smoke', 'silent') });
  await takeAnyTime(kafka, TOPIC_EVENTS);
  const nowMs = Date.now();
  const event = (id: number) => ({
    id_pacote: 7_000_000 + id,
    origem: 'Recife',
    destino: 'Natal',
    status_rastreamento: 'POSTADO',
    data_atualizacao: new Date(nowMs - 60_000).toISOString(),
  });
  const broken: readonly (string | Buffer | null)[] = [
    ...[null, '', 'not JSON', Buffer.from([0x7b, 0xff, 0x00])],
    ...[Buffer.from([0, 0, 0, 0, 1, 2]), Buffer.from([0x1f, 0x8b, 8])],
    JSON.stringify({ schema: {}, payload: event(0) }),
    JSON.stringify({ before: null, after: event(0), op: 'c' }),
    JSON.stringify(JSON.stringify(event(0))),
  ];
  const odd = oddSurroundings(nowMs);
  const messages = odd.flatMap((around, n) =>
    [broken[n % broken.length] ?? null, JSON.stringify(event(n))].map((value) => ({
      ...around,
      partition: 0,
      value,
    })),
  );
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: TOPIC_EVENTS, messages });
  await producer.disconnect();
  return { sent: messages.length, rejected: odd.length, untimed: messages.length };
}
