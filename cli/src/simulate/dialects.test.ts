// What a world is told in is read by the shipped profiles as the ground truth says.
import path from 'node:path';
import { createValidator } from '@rastreio/contract';
import {
  DAY_MS,
  DIALECTS,
  FAULTS,
  NO_FAULTS,
  withFaults,
  worldEvents,
  type DialectName,
  type Message,
} from '@rastreio/simulator';
import { judgePayload, loadProfiles, type LoadedProfiles } from '@rastreio/sources';

const START = Date.parse('2026-09-01T00:00:00Z');
const SEED = 5;
const validate = createValidator({ now: () => START + 365 * DAY_MS, maxFutureSkewMs: DAY_MS });
const world = { seed: SEED, startMs: START, postingIntervalMs: 900_000, maxParcels: 150, incidents: [] };
const NAMES = Object.keys(DIALECTS) as DialectName[];

let loaded: LoadedProfiles;
beforeAll(async () => (loaded = await loadProfiles(path.resolve(__dirname, '../../../config/sources'))));

/** Every fault that can be told, often. */
function messagesIn(name: DialectName): Message[] {
  const told = Object.keys(FAULTS).filter((fault) => !(fault in DIALECTS[name].untellable));
  const rates = { ...NO_FAULTS, ...Object.fromEntries(told.map((fault) => [fault, 0.1])) };
  return [...withFaults(worldEvents(world), rates, SEED)];
}

test.each(NAMES)('%s: every payload is read as the truth has it', async (name) => {
  const { profile: profileName, format } = DIALECTS[name];
  const { text, rejection, tell } = format(SEED);
  const profile = loaded.profiles.get(profileName);
  if (profile === undefined) throw new Error(`there is no profile ${profileName}`);
  const messages = messagesIn(name);
  expect(messages.length).toBeGreaterThan(1000);
  let taken = 0;
  for (const message of messages) {
    const { events, problems } = await judgePayload(profile, Buffer.from(text(message)), validate);
    if (rejection(message) !== null) {
      expect([events.length, problems.length > 0]).toEqual([0, true]);
      continue;
    }
    expect(problems).toEqual([]);
    const [event] = events;
    const told = tell(message);
    const { transportadora, codigo } = event ?? {};
    expect({ parcel: { transportadora, codigo }, at: event?.data_atualizacao }).toEqual({
      parcel: told.parcel,
      at: told.at,
    });
    if (message.kind === 'correction') {
      taken++;
      expect(event?.correcao).toBe(name === 'correios' ? 'anterior' : 'mesmo');
      continue;
    }
    expect(event).toMatchObject({ status_rastreamento: told.status });
    expect([event?.origem ?? '(não informado)', event?.destino ?? '(não informado)']).toEqual([
      told.origem,
      told.destino,
    ]);
    expect(event?.prazo).toBe(told.promise?.until);
    expect(event?.correcao).toBeUndefined();
  }
  expect(taken > 0).toBe(name !== 'aftership');
});

test.each(NAMES)('%s: two events of a parcel are two in its words', (name) => {
  const { tell } = DIALECTS[name].format(SEED);
  const distinct = messagesIn(name).filter(
    ({ kind, rejection }) => rejection === null && kind !== 'duplicate' && kind !== 'correction',
  );
  const keys = distinct.map(tell).map(({ parcel, at, status }) => JSON.stringify([parcel, at, status]));
  expect(new Set(keys).size).toBe(keys.length);
});

test('postal numbers have the check digit of S10 and letters that no post has', () => {
  const { tell, text } = DIALECTS.correios.format(SEED);
  for (const message of messagesIn('correios').slice(0, 200)) {
    const code = (tell(message).parcel as { codigo: string }).codigo;
    expect(code).toMatch(/^J[A-Z]\d{9}BR$/);
    const [sum = 0, check = 0] = [
      [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, i) => total + weight * Number(code[2 + i]), 0),
      Number(code[10]),
    ];
    // 11 - sum mod 11, with 10 written as 0 and 11 as 5.
    expect([check, check === 0 ? 10 : check === 5 ? 11 : check]).toContain(11 - (sum % 11));
    expect(text(message)).not.toContain('\n');
  }
});
