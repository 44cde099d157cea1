import { createDecoder, parcelKey, type TrackingEvent } from '@rastreio/contract';
import { withTrackingNumbers } from './coded';
import { JSON_FORMAT } from './encode';
import { NO_FAULTS, withFaults } from './faults';
import type { Message } from './message';
import { GroundTruth } from './truth';
import { DAY_MS } from './units';
import { worldEvents } from './world';

const START = Date.parse('2026-09-01T00:00:00Z');
const RATES = {
  ...NO_FAULTS,
  dup: 0.1,
  late: 0.1,
  malformed: 0.05,
  future: 0.05,
  conflict: 0.1,
  mistake: 0.1,
};
const decode = createDecoder({ now: () => START + 365 * DAY_MS, maxFutureSkewMs: DAY_MS });

function plain(seed: number): Message[] {
  const world = { seed, startMs: START, postingIntervalMs: 600_000, maxParcels: 300, incidents: [] };
  return [...withFaults(worldEvents(world), RATES, seed)];
}
const coded = (seed: number, share: number) => [...withTrackingNumbers(plain(seed), share, seed)];

/** Of the accepted messages: which parcel of the world it is of, and the event as the consumer reads it. */
function read(messages: readonly Message[]): { id: number; message: Message; event: TrackingEvent }[] {
  return messages.flatMap((message) => {
    const result = decode(Buffer.from(JSON_FORMAT.text(message)));
    expect(result.ok).toBe(message.rejection === null);
    return result.ok ? [{ id: message.timed?.event.id_pacote ?? NaN, message, event: result.event }] : [];
  });
}

test.each([1, 2, 3])(
  'seed %i: same seed, same bytes; a share of 0 changes nothing, and no share what others are told',
  (seed) => {
    expect(coded(seed, 0.5)).toEqual(coded(seed, 0.5));
    expect(coded(seed, 0)).toEqual(plain(seed));
    const [half, whole] = [coded(seed, 0.5), plain(seed)];
    const changed = half.map(
      (message, i) => JSON_FORMAT.text(message) !== JSON_FORMAT.text(whole[i] as Message),
    );
    const parcels = (wanted: boolean) =>
      new Set(
        half.filter((m, i) => m.rejection === null && changed[i] === wanted).map((m) => m.timed?.parcelIndex),
      );
    expect(parcels(true).size).toBeGreaterThan(100);
    expect(parcels(false).size).toBeGreaterThan(100);
  },
);

test.each([1, 2, 3])('seed %i: every message is valid, and its key is that of its event', (seed) => {
  for (const { message, event } of read(coded(seed, 0.7))) expect(message.key).toBe(parcelKey(event));
});

test('a number is said beside the tracking number before it is said alone, and two carriers give the same tracking numbers', () => {
  const messages = read(coded(4, 1)).filter(({ message }) => ['event', 'late'].includes(message.kind));
  const ways = new Map<number, { id: number; code: string; ways: string[] }>();
  // In the order in which it happened, late ones included.
  for (const { id, event } of messages.toSorted(
    (a, b) => (a.message.timed?.atMs ?? 0) - (b.message.timed?.atMs ?? 0),
  )) {
    const { id_pacote, codigo, transportadora } = event;
    const found = ways.get(id) ?? { id, code: '', ways: [] };
    ways.set(id, found);
    found.ways.push(codigo === undefined ? 'number' : id_pacote === undefined ? 'code' : 'both');
    if (codigo !== undefined) found.code = `${transportadora}/${codigo}`;
  }
  const parcels = [...ways.values()];
  expect(new Set(parcels.map(({ code }) => code)).size).toBe(parcels.length);
  expect(new Set(parcels.map(({ code }) => code.split('/')[1])).size).toBeLessThan(parcels.length);
  const joined = parcels.filter(({ ways: all }) => all.includes('number'));
  expect(joined.length).toBeGreaterThan(10);
  for (const { ways: all } of joined) expect(all.find((way) => way !== 'code')).toBe('both');
});

test('a parcel whose number nobody had said when the world was cut off is named by its tracking number', () => {
  const all = coded(5, 1);
  // The first event of each parcel alone.
  const first = all.filter(
    ({ kind, timed }) => timed?.step === 0 && kind !== 'mistake' && kind !== 'correction',
  );
  const truth = new GroundTruth();
  for (const message of first) truth.add(message, JSON_FORMAT.text(message), message.rejection);
  const said = new Map(read(first).map(({ id, event }) => [id, event.id_pacote]));
  const numbers = [...truth.parcels()].flatMap(({ id_pacote }) => id_pacote ?? []);
  expect(numbers).toEqual([...said.values()].filter((id) => id !== undefined).sort((a, b) => a - b));
  expect(numbers.length).toBeGreaterThan(0);
  expect([...truth.parcels()]).toHaveLength(300);
});
