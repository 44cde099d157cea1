import path from 'node:path';
import { STATUS_CATALOGUE, type StatusEntry } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import type * as Database from '@rastreio/database';
import type * as Palette from '../plugins/tracking-panel/src/statuses/palette';
import type * as Patterns from '../plugins/tracking-panel/src/statuses/patterns';
import type * as Files from '../scripts/statuses/files';
import { statusFiles } from '../scripts/statuses/files';
import { freshDatabase, MATRIX } from '@rastreio/testing/servers';

const SOURCE = '@rastreio/contract/statuses.json';
const MADE_UP: StatusEntry = {
  status: "RETIDO N'ALFÂNDEGA",
  rank: 25,
  terminal: false,
  color: '#123ABC',
  pattern: 'plus',
  english: 'Held by customs',
};
const QUIET = { info: () => undefined, warn: () => undefined };

const name = ({ file }: { file: string }) => path.relative(path.resolve(__dirname, '..'), file);
const count = (text: string, part: string) => text.split(part).length - 1;

test('dashboards and docs are what the catalogue makes of them: npm run statuses:write', () => {
  expect(
    statusFiles()
      .filter(({ before, after }) => before !== after)
      .map(name),
  ).toEqual([]);
});

describe('a made-up status in a copy of the catalogue', () => {
  const catalogue = [...STATUS_CATALOGUE, MADE_UP].sort((a, b) => a.rank - b.rank);
  beforeAll(() => {
    jest.resetModules();
    jest.doMock(SOURCE, () => catalogue);
  });
  afterAll(() => {
    jest.dontMock(SOURCE);
    jest.resetModules();
  });

  test('has its color and pattern in the panel', () => {
    const { statusColor } = jest.requireActual<typeof Palette>(
      '../plugins/tracking-panel/src/statuses/palette',
    );
    const { patternOf } = jest.requireActual<typeof Patterns>(
      '../plugins/tracking-panel/src/statuses/patterns',
    );
    expect(statusColor(" retido  n'alfândega")).toBe(MADE_UP.color);
    expect(patternOf(MADE_UP.status)).toBe(MADE_UP.pattern);
    expect(statusColor('ENTREGUE')).toBe(STATUS_CATALOGUE.find(({ status }) => status === 'ENTREGUE')?.color);
  });

  test('is in every mapping, line and list of ranks of the dashboards, and in the docs, once each', () => {
    const { statusFiles: files } = jest.requireActual<typeof Files>('../scripts/statuses/files');
    const changed = files().filter(({ before, after }) => before !== after);
    expect(changed.map(name).sort()).toEqual([
      'dashboards/entregas-lote.json',
      'dashboards/entregas-tempo-real.json',
      'dashboards/pacote.json',
      'dashboards/prazos-e-rotas.json',
      'dashboards/torre.json',
      'dashboards/transportadoras.json',
      'docs/kpis.md',
    ]);
    for (const { before, after } of changed) {
      expect(count(after, MADE_UP.color)).toBe(count(before, '#369DDB'));
    }
    const text = (file: string) => changed.find((f) => name(f) === file)?.after ?? '';
    const batch = text('dashboards/entregas-lote.json');
    expect(
      count(
        batch,
        `('EM TRÂNSITO', 20, false), ('RETIDO N''ALFÂNDEGA', 25, false), ('EM ROTA DE ENTREGA', 30, false)`,
      ),
    ).toBe(2);
    expect(batch).toMatch(/"RETIDO N'ALFÂNDEGA": \{\s*"color": "#123ABC",\s*"index": 2\s*\}/);
    const names = [
      ...text('dashboards/prazos-e-rotas.json').matchAll(/"id": "byName",\s*"options": "(.+)"/g),
    ];
    const lines = names
      .map(([, option]) => option)
      .filter((option) => catalogue.some(({ status }) => status === option));
    expect(lines).toEqual(catalogue.map(({ status }) => status));
    expect(text('docs/kpis.md')).toMatch(
      /\| `RETIDO N'ALFÂNDEGA` +\| Held by customs +\| 25 +\| no +\| `#123ABC` \| `plus` +\|\n/,
    );
  });

  test.each(MATRIX)('is a row of the database after migrate on $name', async (server) => {
    const { migrate } = jest.requireActual<typeof Database>('@rastreio/database');
    const database = await freshDatabase(server);
    try {
      await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
      await withClient(database.readerUrl, async (client) => {
        const { rows } = await client.query(
          'SELECT status, ordem AS rank, terminal FROM catalogo_status ORDER BY ordem',
        );
        expect(rows).toEqual(catalogue.map(({ status, rank, terminal }) => ({ status, rank, terminal })));
      });
    } finally {
      await database.drop();
    }
  });
});
