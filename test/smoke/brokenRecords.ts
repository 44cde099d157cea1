import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { takeAnyTime } from '@rastreio/testing/topic';
import type { IHeaders, Message } from 'kafkajs';

const TIMES = (nowMs: number) => [0, -1, nowMs / 1000, nowMs * 1000, nowMs * 1_000_000, 946_684_799_999];
const HEADERS: readonly IHeaders[] = [
  {},
  { '': '', 'ação 🚚': Buffer.from([0xff, 0x00]), constructor: ['x', 'y'] },
  Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`h${i}`, 'v'])),
];
const KEYS = [null, Buffer.alloc(0), Buffer.from([0xff, 0xfe]), Buffer.alloc(5_000, 0x61)];

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
  const odd = TIMES(nowMs).flatMap((time, i) =>
    HEADERS.map((headers, j) => ({ time, headers, n: 3 * i + j })),
  );
  const messages = odd.flatMap(({ time, headers, n }): Message[] => {
    const around = {
      partition: 0,
      headers,
      key: KEYS[n % KEYS.length] ?? null,
      timestamp: BigInt(Math.round(time)).toString(),
    };
    return [
      { ...around, value: broken[n % broken.length] ?? null },
      { ...around, value: JSON.stringify(event(n)) },
    ];
  });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: TOPIC_EVENTS, messages });
  await producer.disconnect();
  return { sent: messages.length, rejected: odd.length, untimed: messages.length };
}
