import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { anyBody, anyEventBytes } from './bodies';

/** A whole Kafka record made up, as a producer hands it over. */
export interface MadeRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** Milliseconds, or what somebody took for them. */
  readonly timestamp: string;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));
const text = fc.oneof(
  fc.constantFrom('', 'a', 'a\u0000b', '\ud800', 'ação 🚚', '__proto__', 'constructor', 'toString'),
  fc.constantFrom('rastreio.reprocessado_de', 'rastreio.motivo', '__connect.errors.offset', "'; --"),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const key = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 999 }).map((id) => Buffer.from(String(id))) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: bytes(40) },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 20_000 }).map((size) => Buffer.alloc(size, 0xff)) },
);

const value = fc.oneof(
  { weight: 12, arbitrary: anyEventBytes },
  { weight: 4, arbitrary: anyBody.map((body) => body.bytes) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: bytes(100) },
);

const headerValue = fc.oneof(text, bytes(40), fc.array(fc.oneof(text, bytes(20)), { maxLength: 3 }));
const headers: fc.Arbitrary<IHeaders> = fc.oneof(
  { weight: 40, arbitrary: fc.constant<IHeaders>({}) },
  {
    weight: 20,
    arbitrary: fc
      .array(fc.tuple(text, headerValue), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 100, max: 2_000 })
      .map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, 'v']))),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1_000, max: 40_000 })
      .map((size) => ({ ['n'.repeat(size)]: 'x'.repeat(size) })),
  },
);

/** What producers have been seen to send for the time of a record, around an instant. */
function timestampsAround(nowMs: number): fc.Arbitrary<string> {
  const odd = [0, -1, 1, nowMs / 1000, nowMs * 1000, nowMs * 1_000_000, Date.UTC(1999, 0, 1), 2 ** 53];
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.integer({ min: -86_400_000, max: 3_600_000 }).map((ms) => String(nowMs + ms)),
    },
    { weight: 2, arbitrary: fc.constantFrom(...odd.map((ms) => BigInt(Math.round(ms)).toString())) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String) },
  );
}

/** Records of every kind: right, almost right, absurd in any of their parts. */
export function anyRecord(nowMs: number): fc.Arbitrary<MadeRecord> {
  return fc.record({ key, value, headers, timestamp: timestampsAround(nowMs) });
}
