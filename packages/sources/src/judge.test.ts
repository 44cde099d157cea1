import { createValidator } from '@rastreio/contract';
import { JSON_PROFILE, profileOf } from '../test/profiles';
import { judgePayload, problemOf, type Judged, type ReadLimits } from './index';

const NOW = Date.parse('2026-11-27T00:00:00Z');
const validate = createValidator({ now: () => NOW, maxFutureSkewMs: 24 * 3_600_000 });

const EVENT = { codigo: 'A1', quando: '2026-11-20T10:00:00Z', situacao: 'Entregue' };

function judge(eventos: readonly object[], limits: ReadLimits = {}, fields = ''): Promise<Judged> {
  const profile = profileOf(JSON_PROFILE.replace('fields:\n', `fields:\n${fields}`));
  return judgePayload(profile, Buffer.from(JSON.stringify({ eventos })), validate, limits);
}

test('a payload is read up to its limit, and one problem says that it was not read to its end', async () => {
  const broken = { ...EVENT, quando: 'ontem' };
  const { events, problems } = await judge([EVENT, broken, EVENT, EVENT, broken], { maxItems: 3 });
  expect(events).toHaveLength(2);
  expect(problems).toEqual([
    {
      where: '$.eventos[3]',
      field: null,
      detail: 'a payload is read up to 3 events and problems, and not from here on; send it in smaller parts',
    },
    expect.objectContaining({ where: '$.eventos[1]' }),
  ]);
  expect((await judge([EVENT, EVENT, EVENT], { maxItems: 3 })).problems).toEqual([]);
});

test('of many problems the first thousand are kept and the others counted, whoever finds them', async () => {
  const unread = Array.from({ length: 990 }, () => ({ ...EVENT, quando: 'ontem' }));
  const refused = Array.from({ length: 20 }, () => ({ ...EVENT, codigo: 'x'.repeat(100) }));
  const judged = await judge([...unread, ...refused, EVENT]);
  expect(judged.events).toHaveLength(1);
  expect([judged.problems.length, judged.problemsOmitted]).toEqual([1000, 10]);
  expect(problemOf(profileOf(JSON_PROFILE), judged)).toMatch(
    /^profile teste read 1 events and not \$\.eventos\[0\]: .* \(and 1009 more\)$/,
  );
});

const DETAILS = '  servico: servico\n  local: local\n  descricao: descricao\n  prazo: prazo\n';

test('a detail that cannot be read or is refused is a problem, and its event stays without it', async () => {
  const bad = { ...EVENT, servico: 'x'.repeat(101), local: 'Natal', descricao: { a: 1 }, prazo: 'logo' };
  const { events, problems } = await judge([bad], {}, DETAILS);
  expect(events).toEqual([
    {
      transportadora: 'TESTE',
      codigo: 'A1',
      local: 'Natal',
      status_rastreamento: 'ENTREGUE',
      data_atualizacao: '2026-11-20T10:00:00.000000Z',
    },
  ]);
  expect(problems).toEqual([
    {
      where: '$.eventos[0]',
      field: 'descricao',
      detail: expect.stringMatching(/gives an object; choose one/) as string,
    },
    {
      where: '$.eventos[0]',
      field: 'prazo',
      detail: expect.stringMatching(/"logo" is in none of the formats ISO/) as string,
    },
    {
      where: '$.eventos[0]',
      field: 'servico',
      detail: expect.stringMatching(/x… \(\d+ characters\) is too long/) as string,
    },
  ]);
});

test('a placeholder for a promise costs not its event, also where it is said when it was promised', async () => {
  const { events, problems } = await judge(
    [{ ...EVENT, prazo: '1970-01-01', dito: '2026-11-19T10:00:00Z' }],
    {},
    '  prazo: prazo\n  prazo_em: dito\n',
  );
  expect(events).toHaveLength(1);
  expect(events[0]).not.toHaveProperty('prazo_em');
  expect(problems.map(({ field }) => field)).toContain('prazo');
});

test('an event that lacks more than details is none, and all of it is told', async () => {
  const { events, problems } = await judge(
    [{ ...EVENT, codigo: 'x'.repeat(65), servico: 'x'.repeat(101), prazo: 'logo' }],
    {},
    DETAILS,
  );
  expect(events).toEqual([]);
  expect(problems.map(({ field }) => field).sort()).toEqual(['codigo', 'prazo', 'servico']);
});
