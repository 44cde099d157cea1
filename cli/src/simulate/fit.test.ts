import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runRastreio } from '@rastreio/testing/command';

const HEADER = 'id_pacote,origem,destino,status_rastreamento,data_atualizacao';
const ROWS = Array.from({ length: 40 }, (_, i) => {
  const day = String((i % 20) + 1).padStart(2, '0');
  const next = String((i % 20) + 3).padStart(2, '0');
  return [
    `${i + 1},Natal,Acre,postado,2026-03-${day}T12:00:00Z`,
    `${i + 1},Natal,Acre,ENTREGUE,2026-03-${next}T12:${String(i).padStart(2, '0')}:00Z`,
  ];
}).flat();

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-fit-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const bounds = ['--seed', '3', '--start', '2026-09-01T00:00:00Z', '--count', '60'];
const simulate = (...args: string[]) => runRastreio(['simulate', ...args, ...bounds]);
async function fileOf(name: string, lines: readonly string[]): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}
const asJson = (row: string) => {
  const [id, origem, destino, status_rastreamento, data_atualizacao] = row.split(',');
  return JSON.stringify({ id_pacote: Number(id), origem, destino, status_rastreamento, data_atualizacao });
};

test('a CSV and the same events as NDJSON give the same world, with the file’s lanes; wrong lines are told', async () => {
  const csv = await fileOf('mine.csv', [HEADER, ...ROWS, 'x,Natal,Acre,POSTADO,2026-03-01T12:00:00Z']);
  const promises = path.join(dir, 'prazos.csv');
  const ran = await simulate('--fit', csv, '--out', '-', '--promises', promises);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toMatch(/mine\.csv:82: id_pacote: /);
  const events = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toHaveLength(60);
  expect(new Set(events.map((e) => `${String(e.origem)}>${String(e.destino)}`))).toEqual(
    new Set(['Natal>Acre']),
  );
  expect(new Set(events.map((e) => e.status_rastreamento))).toEqual(new Set(['POSTADO', 'ENTREGUE']));
  expect(await readFile(promises, 'utf8')).toBe('origem,destino,prazo_dias\nNatal,Acre,3\n');
  const ndjson = await fileOf('mine.ndjson', ROWS.map(asJson));
  expect((await simulate('--fit', ndjson, '--out', '-')).stdout).toBe(ran.stdout);
});

test.each([
  ['none.csv', [HEADER, ROWS[0] ?? ''], [], 1, /none\.csv: no parcel has an ENTREGUE/],
  [
    'bad.csv',
    [HEADER, 'x,Natal,Acre,POSTADO,soon'],
    [],
    1,
    /bad\.csv: there is no valid event; 1 lines are wrong, the first is .*bad\.csv:2: id_pacote/,
  ],
  ['naive.ndjson', ['{"id_pacote":1}'], [], 1, /naive\.ndjson: there is no valid event.*naive\.ndjson:1: /],
  ['good.csv', [HEADER, ...ROWS], ['--scenario', 'original'], 2, /--fit goes neither/],
  [
    'good.csv',
    [HEADER, ...ROWS],
    ['--incident', 'frozen_hub:hub=Recife'],
    2,
    /hub=Recife is no place of this world; use .*Natal/,
  ],
] as const)('%s is refused', async (name, lines, more, code, message) => {
  const ran = await simulate('--fit', await fileOf(name, lines), '--dry-run', ...more);
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(code);
});

test.each(['csv', 'ndjson'])('a file that is not there is named: .%s', async (ending) => {
  const ran = await simulate('--fit', path.join(dir, `away.${ending}`), '--dry-run');
  expect(ran.stderr).toMatch(/away\..*check the path/);
  expect(ran.code).toBe(1);
});
