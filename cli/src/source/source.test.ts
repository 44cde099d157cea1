import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runRastreio } from '@rastreio/testing/command';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-source-'));
  await writeFile(path.join(dir, 'loja.yaml'), PROFILE);
  await writeFile(
    path.join(dir, 'quebrado.yaml'),
    PROFILE.replace('loja', 'quebrado').replace('ENTREGUE', 'ENTRGUE'),
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const PROFILE = `name: loja
title: Loja de teste
format: json
auth: { type: hmac, header: x-assinatura, encoding: hex, secret: { env: LOJA_SEGREDO } }
events: eventos
fields:
  id_pacote: pacote
  origem: de
  destino: para
  data_atualizacao: quando
status:
  text: situacao
  texts:
    ENTREGUE: Chegou
`;
const EVENT = {
  pacote: 7,
  de: ' Natal ',
  para: 'Acre',
  quando: '2026-11-20T10:00:00-03:00',
  situacao: 'chegou',
};

async function tryEvents(events: readonly object[], ...args: string[]) {
  const file = path.join(dir, 'payload.json');
  await writeFile(file, JSON.stringify({ eventos: events }));
  return runRastreio(['source', 'try', 'loja', file, '--profiles', dir, ...args]);
}

test('each event is shown as it would be published, and nothing is wrong', async () => {
  const { code, stderr, result } = await tryEvents([EVENT, { ...EVENT, situacao: 'Na esteira' }]);
  expect(code).toBe(0);
  expect(result).toMatchObject({
    command: 'source:try',
    profile: 'loja',
    events: [
      {
        where: '$.eventos[0]',
        ok: true,
        event: {
          id_pacote: 7,
          origem: 'Natal',
          destino: 'Acre',
          status_rastreamento: 'ENTREGUE',
          data_atualizacao: '2026-11-20T13:00:00.000000Z',
        },
      },
      { where: '$.eventos[1]', ok: true, event: { status_rastreamento: 'NA ESTEIRA' } },
    ],
    problems: [],
    unknown_statuses: { 'Na esteira': 1 },
  });
  expect(stderr).toMatch(/\$\.eventos\[0\].*2026-11-20T13:00:00Z.*ENTREGUE/);
  expect(stderr).toMatch(/1 × "Na esteira"/);
  expect(stderr).toMatch(/2 events could be published, 0 problems; nothing was sent/);
});

test('what the profile cannot read and what the contract refuses is said with its place, and the rest is shown', async () => {
  const { code, stderr, result } = await tryEvents([
    { ...EVENT, quando: 'ontem' },
    { ...EVENT, pacote: -1, situacao: 'x\u001b[31m' },
    EVENT,
  ]);
  expect(code).toBe(1);
  expect(result.events).toMatchObject([
    { where: '$.eventos[1]', ok: false },
    { where: '$.eventos[2]', ok: true },
  ]);
  expect(result.problems).toMatchObject([
    { where: '$.eventos[0]', field: 'data_atualizacao' },
    { where: '$.eventos[1]', field: 'id_pacote' },
  ]);
  expect(stderr).toMatch(/\$\.eventos\[0\]: loja, line 10 \(fields\.data_atualizacao\): "ontem"/);
  expect(stderr).toMatch(/1 events could be published, 2 problems/);
  // What strangers sent cannot color the terminal.
  expect(stderr).not.toContain('\u001b[31m');
});

test('--limit leaves events out of the table and not of the result', async () => {
  const { stderr, result } = await tryEvents([EVENT, EVENT, EVENT], '--limit', '2');
  expect(stderr).toMatch(/… and 1 more \(--limit\)/);
  expect(result.events).toHaveLength(3);
});

test.each([
  [
    'a profile that there is not',
    ['try', 'lojaa', 'x'],
    2,
    /There is no profile "lojaa" in .*those there are loja\. Write lojaa\.yaml there/,
  ],
  [
    'a broken profile',
    ['try', 'quebrado', 'x'],
    78,
    /quebrado\.yaml:14: status\.texts\.ENTRGUE: .* did you mean ENTREGUE\?/,
  ],
  ['a file that there is not', ['try', 'loja', '/none/x'], 2, /\/none\/x: ENOENT.*check the path/],
  ['no file', ['try', 'loja'], 2, /missing required argument 'file'/],
])('%s is named', async (_title, args, code, message) => {
  const ran = await runRastreio(['source', ...args, '--profiles', dir]);
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)]);
});

test('the list names every profile with its authentication and never a secret, and ends with 78 where one is broken', async () => {
  const { code, stderr, result } = await runRastreio(['source', 'list'], {
    SOURCE_PROFILES: dir,
    LOJA_SEGREDO: 'hunter2',
  });
  expect(code).toBe(78);
  expect(result).toMatchObject({
    command: 'source:list',
    profiles: [
      { name: 'loja', title: 'Loja de teste', format: 'json', auth: 'HMAC sha256 in header x-assinatura' },
    ],
    problems: [{ file: path.join(dir, 'quebrado.yaml'), line: 14 }],
  });
  expect(stderr).toMatch(/quebrado\.yaml:14: /);
  expect(stderr).not.toContain('hunter2');
});

test('the shipped profiles are listed, and none is broken', async () => {
  const { code, result } = await runRastreio(['source', 'list', '--json']);
  expect(code).toBe(0);
  expect(result.problems).toEqual([]);
});

test('a parcel that its carrier and tracking number name needs no number', async () => {
  const fixture = path.resolve(__dirname, '../../../packages/sources/fixtures/easypost/tracker-updated.json');
  const { code, result } = await runRastreio(['source', 'try', 'easypost', fixture, '--json']);
  expect(code).toBe(0);
  expect(result.events).toHaveLength(4);
  expect((result.events as object[])[1]).toMatchObject({
    where: '$.result.tracking_details[1]',
    ok: true,
    event: { transportadora: 'FEDEX', codigo: '397280491672', status_rastreamento: 'POSTADO' },
  });
});
