import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-promises-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await freshDatabase(server)));
  afterAll(() => database.drop());

  async function load(text: string | Buffer) {
    const file = path.join(dir, 'prazos.csv');
    await writeFile(file, text);
    return runRastreio(['db', 'promises', file, '--database-url', database.ownerUrl]);
  }
  const stored = () =>
    withClient(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ lane: string; prazo: string }>(
        `SELECT origem || '>' || destino AS lane, prazo::text FROM prazos ORDER BY 1`,
      );
      return Object.fromEntries(rows.map(({ lane, prazo }) => [lane, prazo]));
    });

  test('a file is taken over: new lanes added, known ones changed, others kept, changes told', async () => {
    const first = await load(
      '\uFEFForigem;destino;prazo_dias;nota\r\n"São Paulo"; Natal ;5;x\r\n\r\n*;*;12;\r\nAcre;Bahia;9;\r\n',
    );
    expect(first.code).toBe(0);
    expect(await stored()).toEqual({ '*>*': '12 days', 'Acre>Bahia': '9 days', 'São Paulo>Natal': '5 days' });
    expect(first.stderr).toContain('* → *: 10 days → 12 days');
    expect(first.stderr).toContain('São Paulo → Natal: 5 days');
    const second = await load('destino,prazo_dias,origem\nNatal,6,São Paulo\nBahia,9,Acre\n');
    expect(JSON.parse(second.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ lanes: 2, changed: 1 });
    expect(second.stderr).not.toContain('Acre');
    expect(await stored()).toEqual({ '*>*': '12 days', 'Acre>Bahia': '9 days', 'São Paulo>Natal': '6 days' });
  });

  test('a promise in another spelling of a lane is in place of the one that was there', async () => {
    expect((await load('origem,destino,prazo_dias\nACRE,bahia/BA,7\n')).code).toBe(0);
    expect(await stored()).toEqual({
      '*>*': '12 days',
      'ACRE>bahia/BA': '7 days',
      'São Paulo>Natal': '6 days',
    });
    expect((await load('origem,destino,prazo_dias\nAcre,Bahia,9\n')).code).toBe(0);
    expect(await stored()).toEqual({ '*>*': '12 days', 'Acre>Bahia': '9 days', 'São Paulo>Natal': '6 days' });
  });

  test('a file with a wrong line changes nothing, and each is named', async () => {
    const before = await stored();
    const { code, stderr } = await load(
      'origem,destino,prazo_dias\nA,B,3\nA,C,0\nA,D,2.5\n,E,4\nF,*,4\nA,B,4\nG,H,soon\n',
    );
    expect(code).toBe(1);
    for (const problem of [
      /prazos\.csv:3: prazo_dias: .*0.* use whole days from 1 to 3650/,
      /prazos\.csv:4: prazo_dias: .*2\.5/,
      /prazos\.csv:5: origem: /,
      /prazos\.csv:6: origem, destino: F to \* is no lane; use \*/,
      /prazos\.csv:7: origem, destino: A to B is in line 2 too/,
      /prazos\.csv:8: prazo_dias: .*soon/,
    ])
      expect(stderr).toMatch(problem);
    expect(await stored()).toEqual(before);
  });

  test.each([
    [
      'CR CR LF, a sep= line, two byte order marks',
      '\uFEFF\uFEFFsep=;\r\r\n"Origem";"destino\u00a0";"PRAZO_DIAS"\r\r\n"Odd";"Way";"7\u200b"\r\r\n;;\r\r\n',
    ],
    ['tabs and empty lines', '\n\norigem\tdestino\tprazo_dias\nOdd\tWay\t7\n\t\t\n'],
  ])('a file with %s is read', async (_title, text) => {
    expect(await load(text)).toMatchObject({ code: 0 });
    expect(await stored()).toMatchObject({ 'Odd>Way': '7 days' });
  });

  test.each([
    [
      Buffer.from('origem,destino,prazo_dias\nS\xe3o Paulo,B,3\n', 'latin1'),
      /is not UTF-8; save it as UTF-8/,
    ],
    [Buffer.from('origem,destino,prazo_dias\nA,B,3\n', 'utf16le'), /is not UTF-8/],
    ['sep=;\n\norigem;destino;prazo_dias\nA;B;x\n', /prazos\.csv:4: prazo_dias/],
    ['origem,destino\nA,B\n', /prazos\.csv:1: the first line lacks prazo_dias/],
    ['origem,destino,prazo_dias\n', /has no promise/],
    ['origem,destino,prazo_dias\nA,B\n', /prazos\.csv:2: /],
  ])('%#: what is wrong with a file is named', async (text, message) => {
    const { code, stderr } = await load(text);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

test('what simulate writes is a file of promises', async () => {
  const file = path.join(dir, 'simulated.csv');
  const world = ['--seed', '42', '--start', '2026-09-01T00:00:00Z', '--count', '10', '--dry-run'];
  expect((await runRastreio(['simulate', ...world, '--promises', file])).code).toBe(0);
  const database = await freshDatabase(MATRIX[0]!);
  try {
    const { code, stdout } = await runRastreio(['db', 'promises', file, '--database-url', database.ownerUrl]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ lanes: 702, changed: 702 });
  } finally {
    await database.drop();
  }
});
