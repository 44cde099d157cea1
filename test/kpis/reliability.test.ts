import { createWriterPool, withPoolClient, writeBatch, type PlainReceived } from '@rastreio/database';
import { Client, type Pool } from 'pg';
import { MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { CLEAR } from '@rastreio/testing/statements';
import { databaseWithOwnTime, travelTo } from './timeTravel';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_HOURS = 168;
/** A Wednesday, half past three in the afternoon where the operator works (15:30 in Brasília is 18:30 UTC). */
const NOW = Date.UTC(2026, 6, 15, 18, 30);
const HOUR_NOW = Date.UTC(2026, 6, 15, 18);
const PER_HOUR = 40;

interface Reliability {
  readonly confiavel_ate: Date | null;
  readonly idade_segundos: number | null;
  readonly frescor_segundos: number | null;
  readonly atraso_p99_segundos: number | null;
  readonly completude: number | null;
  readonly primeira_hora_incompleta: Date | null;
  readonly diferenca_contabil: string | null;
  readonly situacao: string;
}

/** As many events each hour since `hours` ago, a minute and a half apart, each received a minute later. */
function feed(hours: number, drop: (hourMs: number) => number = () => 0): PlainReceived[] {
  return Array.from({ length: hours + 1 }, (_, i) => HOUR_NOW - (hours - i) * HOUR_MS).flatMap((hourMs) =>
    Array.from({ length: PER_HOUR - drop(hourMs) }, (_, k) => hourMs + k * 1.5 * MINUTE_MS)
      .filter((atMs) => atMs + MINUTE_MS <= NOW)
      .map((atMs) => event(atMs, MINUTE_MS)),
  );
}

function event(atMs: number, delayMs: number): PlainReceived {
  return {
    ...{
      id_pacote: Math.floor(atMs / 1000),
      origem: 'Natal',
      destino: 'Paraíba',
      status_rastreamento: 'POSTADO',
    },
    data_atualizacao: new Date(atMs).toISOString().replace('Z', '000Z'),
    recebido_em: atMs + delayMs,
  };
}

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Client;
  beforeAll(async () => {
    database = await databaseWithOwnTime(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await owner.query(CLEAR);
    await travelTo(owner, NOW);
  });
  const write = (events: readonly PlainReceived[]) =>
    withPoolClient(pool, (client) => writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }));
  const read = async (): Promise<Reliability> => {
    const { rows } = await owner.query<Reliability>('SELECT * FROM confiabilidade');
    expect(rows).toHaveLength(1);
    return rows[0] as Reliability;
  };

  test('nothing is known before the first event', async () => {
    expect(await read()).toEqual({
      confiavel_ate: null,
      idade_segundos: null,
      frescor_segundos: null,
      atraso_p99_segundos: null,
      completude: null,
      primeira_hora_incompleta: null,
      diferenca_contabil: null,
      situacao: 'Sem dados',
    });
  });

  test('a complete feed can be relied on up to its newest receipt less the delay', async () => {
    await write(feed(5 * WEEK_HOURS));
    const { confiavel_ate, atraso_p99_segundos, ...rest } = await read();
    // The newest event is of 18:28:30; a delay of a minute, within the width of its bucket.
    expect(atraso_p99_segundos).toBeGreaterThan(57);
    expect(atraso_p99_segundos).toBeLessThan(63);
    expect(confiavel_ate?.getTime()).toBeCloseTo(NOW - 30_000 - 1000 * (atraso_p99_segundos ?? 0), -1);
    expect(rest).toEqual({
      idade_segundos: expect.closeTo(30 + (atraso_p99_segundos ?? 0), 2) as number,
      frescor_segundos: 30,
      completude: 1,
      primeira_hora_incompleta: null,
      diferenca_contabil: '0',
      situacao: 'Confiável',
    });
  });

  test('hours that lack more than half of what was there in past weeks are named, and end what can be relied on', async () => {
    const bad = HOUR_NOW - 30 * HOUR_MS;
    await write(feed(5 * WEEK_HOURS, (hour) => (hour === bad || hour === bad + HOUR_MS ? 21 : 0)));
    const { confiavel_ate, primeira_hora_incompleta, completude, situacao } = await read();
    expect(primeira_hora_incompleta?.getTime()).toBe(bad);
    expect(confiavel_ate?.getTime()).toBe(bad);
    // Not within the last 24 hours.
    expect(completude).toBe(1);
    expect(situacao).toBe('Faltam leituras desde 14/07 09:00');
    // What comes late makes the hour complete.
    await write([bad, bad + HOUR_MS].flatMap((hour) => [event(hour + 59.5 * MINUTE_MS, 29 * HOUR_MS)]));
    expect(await read()).toMatchObject({ primeira_hora_incompleta: null, situacao: 'Confiável' });
  });

  test('half of an hour is enough, and an hour of which little is expected is not judged', async () => {
    const short = HOUR_NOW - 3 * HOUR_MS;
    await write(feed(5 * WEEK_HOURS, (hour) => (hour === short ? 20 : 0)));
    const half = await read();
    expect(half).toMatchObject({ primeira_hora_incompleta: null, situacao: 'Confiável' });
    expect(half.completude).toBeCloseTo(1 - 20 / (24 * PER_HOUR), 3);
    await owner.query(CLEAR);
    const everyWeek = (hour: number) => (HOUR_NOW - hour) % (WEEK_HOURS * HOUR_MS) === 3 * HOUR_MS;
    await write(feed(5 * WEEK_HOURS, (hour) => (hour === short ? 40 : everyWeek(hour) ? 11 : 0)));
    expect(await read()).toMatchObject({ primeira_hora_incompleta: null, situacao: 'Confiável' });
    await owner.query(`UPDATE limites SET valor = 29 WHERE nome = 'completude_volume'`);
    expect((await read()).primeira_hora_incompleta?.getTime()).toBe(short);
    await owner.query(`UPDATE limites SET valor = 30 WHERE nome = 'completude_volume'`);
  });

  test('silence: nothing is relied on after the newest receipt', async () => {
    await write(feed(5 * WEEK_HOURS));
    await travelTo(owner, NOW + 2 * HOUR_MS);
    const { confiavel_ate, frescor_segundos, situacao, primeira_hora_incompleta } = await read();
    expect(frescor_segundos).toBe(2 * 3600 + 30);
    expect(confiavel_ate?.getTime()).toBeLessThan(NOW);
    expect(primeira_hora_incompleta).toBeNull();
    expect(situacao).toBe('Faltam leituras desde 15/07 15:29');
  });

  test('history that is loaded, and a file that is imported, do not make carriers look late', async () => {
    const old = feed(5 * WEEK_HOURS).map((e) => ({ ...e, recebido_em: NOW }));
    await write(old);
    expect((await read()).atraso_p99_segundos).toBeLessThan(3600);
    await owner.query(CLEAR);
    await write(feed(5 * WEEK_HOURS));
    await write(
      Array.from({ length: 5000 }, (_, i) =>
        event(NOW - 900 * HOUR_MS - i * 1000, 900 * HOUR_MS + i * 1000 - MINUTE_MS),
      ),
    );
    expect((await read()).atraso_p99_segundos).toBeLessThan(63);
  });

  test('books that do not balance: nothing can be relied on', async () => {
    await write(feed(2 * WEEK_HOURS));
    await owner.query('UPDATE ingestao SET consumidos = consumidos + 3, inseridos = inseridos + 3');
    expect(await read()).toMatchObject({
      confiavel_ate: null,
      idade_segundos: null,
      diferenca_contabil: '3',
      situacao: 'Conta não fecha: 3 eventos',
    });
    await owner.query('UPDATE ingestao SET consumidos = consumidos - 3, inseridos = inseridos - 3');
    await owner.query(
      `INSERT INTO eventos_rejeitados (topico, particao, deslocamento, motivo, detalhe, recebido_em) VALUES ('t', 0, 1, 'empty', 'x', now())`,
    );
    expect(await read()).toMatchObject({
      confiavel_ate: null,
      diferenca_contabil: '1',
      situacao: 'Conta não fecha: 1 mensagem rejeitada',
    });
    // Read again after a crash, a rejected message is counted again and kept once.
    await owner.query('UPDATE ingestao SET consumidos = consumidos + 2, rejeitados = rejeitados + 2');
    expect(await read()).toMatchObject({ diferenca_contabil: '0', situacao: 'Confiável' });
  });
});
