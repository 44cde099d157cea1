import type { IHeaders, Message } from 'kafkajs';

const TIMES = (nowMs: number) => [0, -1, nowMs / 1000, nowMs * 1000, nowMs * 1_000_000, 946_684_799_999];
const HEADERS: readonly IHeaders[] = [
  {},
  { '': '', 'ação 🚚': Buffer.from([0xff, 0x00]), constructor: ['x', 'y'] },
  Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`h${i}`, 'v'])),
];
const KEYS = [null, Buffer.alloc(0), Buffer.from([0xff, 0xfe]), Buffer.alloc(5_000, 0x61)];

/** What a record has around its value: a time of its own that cannot be true, and any headers and key. All combinations but of keys. */
export function oddSurroundings(nowMs: number): Omit<Message, 'value'>[] {
  const pairs = TIMES(nowMs).flatMap((time) => HEADERS.map((headers) => ({ time, headers })));
  return pairs.map(({ time, headers }, n) => ({
    headers,
    key: KEYS[n % KEYS.length] ?? null,
    timestamp: BigInt(Math.round(time)).toString(),
  }));
}
