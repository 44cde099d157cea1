import { STATUS_CATALOGUE } from '@rastreio/contract';
import { createWriterPool, withPoolClient, writeBatch, type RejectedMessage } from '@rastreio/database';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { parsePlace } from '../../cli/src/dlq/place';
import { printable } from '@rastreio/runtime';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { CLEAR } from '@rastreio/testing/statements';

const RANGE = `now() - interval '1 hour', now()`;

interface Letter {
  readonly estado: string;
  readonly detalhe: string;
  readonly lugar: string;
  readonly comando: string;
}

function letter(deslocamento: number, other: Partial<RejectedMessage> = {}): RejectedMessage {
  return {
    ...{
      topic: 'eventos_rastreamento',
      partition: 3,
      offset: String(deslocamento),
      key: Buffer.from('1333'),
    },
    ...{ value: Buffer.from('{"id_pacote":1333}'), headers: {}, reason: 'missing_field', field: 'origem' },
    ...{ detail: 'origem is missing', recebido_em: Date.now() },
    ...other,
  };
}

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let reader: Client;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
    reader = new Client({ connectionString: database.readerUrl });
    owner = new Client({ connectionString: database.ownerUrl });
    await Promise.all([reader.connect(), owner.connect()]);
  });
  afterAll(async () => {
    await Promise.all([reader.end(), owner.end(), pool.end()]);
    await database.drop();
  });
  beforeEach(() => owner.query(CLEAR));
  const reject = (...rejected: RejectedMessage[]) =>
    withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'eventos_rastreamento', partition: 3, events: [], rejected }),
    );
  const letters = async (limit: number | null = null) =>
    (await reader.query<Letter>(`SELECT * FROM cartas_mortas(${RANGE}, $1)`, [limit])).rows;
  const shown = async (text: string) =>
    (await reader.query<{ t: string }>('SELECT texto_imprimivel($1) AS t', [text])).rows[0]?.t ?? null;

  test('text is shown as the command line shows it', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(
          'a',
          'ç',
          '"',
          '\\',
          '\n',
          '\r',
          '\t',
          '\u001b',
          '\u0085',
          '\u202e',
          '\u2028',
          '\ufeff',
          '\u00ad',
          '\u{e0041}',
          '\u{1d173}',
          '📦',
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        anyText.filter((text) => !text.includes('\0') && text.isWellFormed()),
        async (text) => {
          expect(await shown(text)).toBe(printable(text));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('every control and format character is written as an escape', async () => {
    const { rows } = await reader.query<{ code: number; text: string }>(
      `SELECT code, texto_imprimivel(chr(code)) AS text FROM generate_series(1, 1114111) AS code
       WHERE code NOT BETWEEN 55296 AND 57343 AND texto_imprimivel(chr(code)) <> chr(code)`,
    );
    const wanted = Array.from({ length: 0x10ffff }, (_, i) => i + 1)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => ({ code, text: printable(String.fromCodePoint(code)) }))
      .filter(({ code, text }) => text !== String.fromCodePoint(code));
    expect(rows).toEqual(wanted);
  });

  test('what was sent, its key and its headers are not for Grafana: no query of its role reads them', async () => {
    await reject(
      letter(1, {
        key: Buffer.from('chave-1'),
        value: Buffer.from('segredo-1'),
        headers: { a: 'segredo-2' },
      }),
    );
    for (const sql of [
      'SELECT valor FROM eventos_rejeitados',
      'SELECT chave FROM eventos_rejeitados',
      'SELECT cabecalhos FROM eventos_rejeitados',
      'SELECT * FROM eventos_rejeitados',
      'SELECT e FROM eventos_rejeitados e',
      'SELECT to_jsonb(e) FROM eventos_rejeitados e',
      `SELECT 1 FROM eventos_rejeitados WHERE encode(valor, 'escape') LIKE 's%'`,
      'SELECT count(*) FROM eventos_rejeitados GROUP BY valor',
      'COPY eventos_rejeitados TO STDOUT',
    ])
      await expect(reader.query(sql)).rejects.toMatchObject({ code: '42501' });
    const { rows } = await reader.query(`
      SELECT (SELECT jsonb_agg(c) FROM cartas c) AS a, (SELECT jsonb_agg(m) FROM cartas_mortas(${RANGE}, 9) m) AS b,
             (SELECT count(*)::int FROM eventos_rejeitados) AS n`);
    expect(rows).toMatchObject([{ n: 1 }]);
    expect(JSON.stringify(rows)).not.toMatch(/segredo|chave-1/);
  });

  test('a dead letter with its state, its place and the command that sends it again', async () => {
    await reject(
      letter(1711),
      letter(1712, { value: null, detail: 'evil \u001b[2J' }),
      letter(4, { topic: `csv:relatório d'hoje.csv#ab12`, partition: 0 }),
    );
    await owner.query(`UPDATE eventos_rejeitados SET aceito_em = now() WHERE deslocamento = 1712`);
    const found = await letters();
    expect(found.map(({ lugar, comando, estado }) => [lugar, comando, estado]).sort()).toEqual([
      [
        `csv:relatório d'hoje.csv#ab12/0/4`,
        `npm run dlq -- replay 'csv:relatório d'\\''hoje.csv#ab12:0:4'`,
        'aberto',
      ],
      ['eventos_rastreamento/3/1711', 'npm run dlq -- replay eventos_rastreamento:3:1711', 'aberto'],
      ['eventos_rastreamento/3/1712', 'npm run dlq -- replay eventos_rastreamento:3:1712 --again', 'aceito'],
    ]);
    expect(found.find(({ lugar }) => lugar.endsWith('1712'))?.detalhe).toBe('evil \\u001b[2J');
    for (const { comando } of found) expect(() => parsePlace(shellArguments(comando)[5] ?? '')).not.toThrow();
    expect(await letters(1)).toHaveLength(1);
    expect(
      (
        await reader.query(
          `SELECT * FROM cartas_mortas(now() - interval '2 days', now() - interval '1 day', 9)`,
        )
      ).rows,
    ).toEqual([]);
  });

  test('the dead letters of a parcel are those that have its number as their key, whatever the others have', async () => {
    await reject(
      letter(1),
      letter(2, { key: Buffer.from('13334') }),
      letter(3, { key: null }),
      letter(5, { key: Buffer.alloc(10_000, 0xff) }),
      letter(6),
    );
    const { rows } = await reader.query<Letter>('SELECT * FROM cartas_do_pacote(1333)');
    expect(rows.map(({ lugar }) => lugar)).toEqual(['eventos_rastreamento/3/1', 'eventos_rastreamento/3/6']);
    expect((await reader.query('SELECT * FROM cartas_do_pacote(NULL)')).rows).toEqual([]);
  });

  test('the sizes of all tables, the chunks with their table, add up to less than the whole database', async () => {
    await owner.query('ANALYZE');
    const { rows } = await reader.query<{ nome: string; bytes: string; linhas_estimadas: string }>(
      'SELECT * FROM tamanho_do_banco',
    );
    expect(rows.map(({ nome }) => nome)).toEqual(
      expect.arrayContaining(['eventos_rastreamento', 'pacotes', 'ingestao']),
    );
    expect(rows.filter(({ nome }) => nome.includes('chunk'))).toEqual([]);
    const { rows: whole } = await reader.query<{ bytes: string }>('SELECT * FROM tamanho_total');
    const sum = rows.reduce((total, { bytes }) => total + Number(bytes), 0);
    expect(sum).toBeGreaterThan(0);
    expect(Number(whole[0]?.bytes)).toBeGreaterThan(sum);
    expect(rows.find(({ nome }) => nome === 'catalogo_status')?.linhas_estimadas).toBe(
      String(STATUS_CATALOGUE.length),
    );
  });
});

/** The arguments of a command as a POSIX shell reads it: plain words, and words in single quotes. */
function shellArguments(command: string): string[] {
  return (command.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  );
}
