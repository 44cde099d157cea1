import { JSON_PROFILE, profileOf } from '../test/profiles';
import { readPayload } from './index';

const FIELDS = `  prazo: { value: $root.prazo, events: newest }
  prazo_em: $root.dito
  correcao: correcao
`;
const profile = profileOf(JSON_PROFILE.replace('fields:\n', `fields:\n${FIELDS}`));

interface Sent {
  readonly codigo: string;
  readonly hora: number;
  readonly situacao?: string;
  readonly correcao?: string;
}

/** Which of the events are read with the promise, and with when it was said. */
async function promised(sent: readonly Sent[]): Promise<number[]> {
  const eventos = sent.map(({ hora, situacao = 'Entregue', ...rest }) => ({
    ...rest,
    situacao,
    // Another offset each, so that the order of the texts is not that of the instants.
    quando: `2026-11-20T${String(10 + hora + (hora % 3)).padStart(2, '0')}:00:00+0${hora % 3}:00`,
  }));
  const payload = Buffer.from(JSON.stringify({ prazo: '2026-11-25', dito: 1_795_269_600, eventos }));
  const { events, problems } = await readPayload(profile, payload);
  expect(problems).toEqual([]);
  for (const { event } of events)
    expect(event.prazo_em).toBe(event.prazo === undefined ? undefined : '2026-11-21T14:00:00.000000Z');
  return events.flatMap(({ event }, i) => (event.prazo === undefined ? [] : [i]));
}

test.each<[string, readonly Sent[], readonly number[]]>([
  ['the last', [1, 2, 3].map((hora) => ({ codigo: 'A', hora })), [2]],
  ['the first, where the newest stands there', [3, 2, 1].map((hora) => ({ codigo: 'A', hora })), [0]],
  [
    'one for each parcel',
    [
      { codigo: 'A', hora: 1 },
      { codigo: 'B', hora: 4 },
      { codigo: 'A', hora: 2 },
      { codigo: 'B', hora: 3 },
    ],
    [1, 2],
  ],
  [
    'both that are newest',
    [
      { codigo: 'A', hora: 1, situacao: 'Postado' },
      { codigo: 'A', hora: 1 },
    ],
    [0, 1],
  ],
  [
    'the one before what is taken back, and no correction',
    [
      { codigo: 'A', hora: 3, correcao: 'anterior' },
      { codigo: 'A', hora: 2 },
      { codigo: 'A', hora: 1 },
    ],
    [2],
  ],
  [
    'the one before what is taken back by its name',
    [
      { codigo: 'A', hora: 1 },
      { codigo: 'A', hora: 2 },
      { codigo: 'A', hora: 2, correcao: 'mesmo' },
    ],
    [0],
  ],
])('the promise is on %s', async (_title, sent, expected) => {
  expect(await promised(sent)).toEqual(expected);
});

test('when a promise was said is nothing where none was, and no event is lost where it cannot be read', async () => {
  const read = async (payload: object) => {
    const eventos = [{ codigo: 'A', situacao: 'Entregue', quando: '2026-11-20T10:00:00Z' }];
    return readPayload(profile, Buffer.from(JSON.stringify({ ...payload, eventos })));
  };
  const none = await read({ dito: 1_795_269_600 });
  expect([none.problems, none.events[0]?.event.prazo_em]).toEqual([[], undefined]);
  const wrong = await read({ prazo: '2026-11-25', dito: 'ontem' });
  expect(wrong.problems).toMatchObject([{ field: 'prazo_em' }]);
  expect(wrong.events[0]?.event).toMatchObject({ prazo: '2026-11-25' });
});
