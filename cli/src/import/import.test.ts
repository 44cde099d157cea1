import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { importFile } from '@rastreio/csv';
import { withClient } from '@rastreio/database';
import { createKafka, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka } from '@rastreio/stack';
import { runRastreio, spawnRastreio, type Ran } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, SERVERS } from '@rastreio/testing/servers';

const HEADER = 'id_pacote,origem,destino,status_rastreamento,data_atualizacao';
const STEPS = ['POSTADO', 'EM TRÂNSITO', 'EM ROTA DE ENTREGA', 'ENTREGUE'];

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-import-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Connections to a database besides the one that asks. */
const othersInside = (adminUrl: string) =>
  withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ n: string }>(
      `SELECT count(*) AS n FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return Number(rows[0]?.n);
  });

/** `n` events, the steps of a parcel far apart, every 1000th line broken if asked for. */
async function eventFile(name: string, n: number, broken = false): Promise<string> {
  const parcels = n / STEPS.length;
  const lines = Array.from({ length: n }, (_, i) => {
    const [id, step] = [1 + (i % parcels), Math.floor(i / parcels)];
    const when = new Date(Date.UTC(2026, 7, 1 + 3 * step, 0, 0, id % 86_400)).toISOString();
    const status = broken && i % 1000 === 7 ? '' : STEPS[step];
    return `${id},"São Paulo, SP",Paraíba,${status},${when}`;
  });
  const file = path.join(dir, name);
  await writeFile(file, [HEADER, ...lines, ''].join('\n'));
  return file;
}

const summary = ({ stdout }: Ran) =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

describe('into a database', () => {
  const TABLES = {
    events: 'SELECT count(*) AS n FROM eventos_rastreamento',
    parcels: `SELECT id_pacote, origem, destino, status_atual, data_status, data_inicio, data_entrega
               FROM pacotes ORDER BY id_pacote`,
    rejected: 'SELECT topico, deslocamento, valor, motivo FROM eventos_rejeitados ORDER BY deslocamento',
  };
  const contents = (url: string) =>
    withClient(url, async (client) => ({
      events: (await client.query(TABLES.events)).rows as unknown[],
      parcels: (await client.query(TABLES.parcels)).rows as unknown[],
      rejected: (await client.query(TABLES.rejected)).rows as unknown[],
    }));

  test.each(MATRIX)(
    'killed half-way and imported again, $name holds what one import gives',
    async (server) => {
      const file = await eventFile('killed.csv', 60_000, true);
      const [whole, cut] = [await freshDatabase(server), await freshDatabase(server)];
      try {
        expect(await importFile({ databaseUrl: whole.writerUrl, file })).toMatchObject({ inserted: 59_940 });
        const child = spawnRastreio(['import', file, '--database-url', cut.writerUrl]);
        const ended = once(child, 'close');
        const inside = () =>
          withClient(cut.readerUrl, async (client) => {
            const { rows } = await client.query<{ n: string }>(TABLES.events);
            return Number(rows[0]?.n);
          });
        while ((await inside()) === 0) await sleep(10);
        child.kill('SIGKILL');
        expect(await ended).toEqual([null, 'SIGKILL']);
        // A commit that was under way may still happen.
        while ((await othersInside(cut.adminUrl)) > 0) await sleep(20);
        const before = await inside();
        expect(before).toBeLessThan(59_940);

        const again = await runRastreio(['import', file, '--database-url', cut.writerUrl]);
        expect(again.code).toBe(1);
        expect(summary(again)).toMatchObject({ consumed: 60_000, inserted: 59_940 - before, rejected: 60 });
        expect(await contents(cut.writerUrl)).toEqual(await contents(whole.writerUrl));
      } finally {
        await Promise.all([whole.drop(), cut.drop()]);
      }
    },
  );

  test('twenty bad lines are shown, all are kept, and corrected they go in', async () => {
    const file = await eventFile('bad.csv', 24_000, true);
    const rejects = path.join(dir, 'bad lines.csv');
    const database = await freshDatabase(SERVERS[0]!);
    try {
      const ran = await runRastreio([
        'import',
        file,
        '--database-url',
        database.writerUrl,
        '--rejects',
        rejects,
      ]);
      expect(ran.code).toBe(1);
      expect(ran.stdout.trim().split('\n')).toHaveLength(1);
      expect(summary(ran)).toMatchObject({ inserted: 23_976, rejected: 24, reject_file: rejects });
      // Who only imports files sees when the last event came, and the same number of rejected lines everywhere.
      const seen = await withClient(database.readerUrl, (c) =>
        c.query(`
          SELECT u.segundos BETWEEN 0 AND 600 AS recent, r.rejeitados::int AS tile, k.rejeitados::int AS accounts, k.cartas::int AS letters, k.sem_hora::int AS untimed
          FROM ultimo_recebimento u, rejeitados_recentes r, contabilidade(now() - interval '1 hour', now()) k`),
      );
      expect(seen.rows).toEqual([{ recent: true, tile: 24, accounts: 24, letters: 24, untimed: 0 }]);
      expect(ran.stderr.match(/^line \d+: empty: status_rastreamento/gm)).toHaveLength(20);
      expect(ran.stderr).toMatch(/^line 9: /m);
      expect(ran.stderr).toContain(`... and 4 more in ${rejects}\n`);
      expect(ran.stderr).toMatch(
        /24 rows were rejected; correct them in .*bad lines\.csv and import that file/,
      );

      await writeFile(rejects, (await readFile(rejects, 'utf8')).replaceAll('Paraíba,,', 'Paraíba,POSTADO,'));
      const corrected = await runRastreio(['import', rejects, '--database-url', database.writerUrl]);
      expect(corrected.code).toBe(0);
      expect(summary(corrected)).toMatchObject({ inserted: 24, rejected: 0, reject_file: null });
    } finally {
      await database.drop();
    }
  });

  test('Latin-1 with semicolons, as spreadsheets write it', async () => {
    const file = path.join(dir, 'latin1.csv');
    const lines = [HEADER, '1,São Paulo,Paraíba,EM TRÂNSITO,2026-08-01T00:00:00Z', ''].join('\r\n');
    await writeFile(file, Buffer.from(lines.replaceAll(',', ';'), 'latin1'));
    const database = await freshDatabase(SERVERS[0]!);
    const run = (...more: string[]) =>
      runRastreio(['import', file, '--database-url', database.writerUrl, ...more]);
    try {
      const wrong = await run();
      expect(wrong.code).toBe(1);
      expect(wrong.stderr).toMatch(/line 2: invalid_utf8: .*--encoding latin1/);
      expect((await run('--encoding', 'latin1')).code).toBe(0);
      const { parcels } = await contents(database.writerUrl);
      expect(parcels).toMatchObject([{ origem: 'São Paulo', status_atual: 'EM TRÂNSITO' }]);
    } finally {
      await database.drop();
    }
  });
});

test('a file’s oddities are told: unknown statuses, blank rows, another encoding; nothing reaches the terminal as it is', async () => {
  const file = path.join(dir, 'odd\u009b.csv');
  const at = '2026-08-01T00:00:00Z';
  const lines = [
    HEADER,
    `1,Natal,Acre,delivered,${at}`,
    `2,Natal,Acre,EM TRANSITO,${at}`,
    `3,Natal,Acre,em transito,${at}`,
    ',,,,',
    `4,SÃ£o Paulo,Acre,POSTADO,${at}`,
    `5\u009b2J\u202e,Natal\u001b]0;x\u0007,Acre,POSTADO,${at}`,
    `6,Natal,Acre,POSTADO,2026-08-01 00:00`,
  ];
  await writeFile(file, lines.join('\n'));
  const database = await freshDatabase(SERVERS[0]!);
  try {
    const ran = await runRastreio(['import', file, '--database-url', database.writerUrl]);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(summary(ran)).toMatchObject({
      inserted: 4,
      rejected: 2,
      blank_rows: 1,
      unknown_statuses: [
        { status: 'EM TRANSITO', events: 2, nearest: 'EM TRÂNSITO' },
        { status: 'DELIVERED', events: 1, nearest: 'ENTREGUE' },
      ],
      warnings: [expect.stringMatching(/UTF-8 that was read as Latin-1/)],
    });
    expect(ran.stderr).toMatch(/line 7: wrong_type: id_pacote "5\\u009b2J\\u202e" has the wrong type/);
    expect(ran.stderr).toMatch(/line 8: naive_timestamp: .*--naive-timezone or the variable NAIVE_TIMEZONE/);
    expect(ran.stderr).toMatch(/EM TRANSITO: 2 events; is EM TRÂNSITO meant\?/);
    expect(ran.stderr).toMatch(
      /words that this database does not know; say what they mean by "rastreio status map"/,
    );
    expect(ran.stderr).toMatch(/1 rows of separators only were passed over/);
    expect(ran.stderr).toMatch(/odd\\u009b\.csv/);

    // A word with a meaning is none that nobody knows.
    const owner = ['--database-url', database.ownerUrl];
    expect((await runRastreio(['status', 'map', 'em transito', 'EM TRÂNSITO', ...owner])).code).toBe(0);
    const once = await runRastreio(['import', file, '--database-url', database.writerUrl]);
    expect(summary(once)).toMatchObject({
      inserted: 0,
      statuses_of: 'database',
      unknown_statuses: [{ status: 'DELIVERED', events: 1 }],
    });

    await writeFile(file, lines.slice(0, 2).join('\n').replace('Natal', 'São'));
    const mistaken = await runRastreio([
      'import',
      file,
      '--encoding',
      'latin1',
      '--database-url',
      database.writerUrl,
    ]);
    expect(mistaken.stderr).toMatch(/warning: 1 lines look like UTF-8.*without --encoding latin1/);
  } finally {
    await database.drop();
  }
});

test('through Kafka: every good event is in the topic, bad lines are kept in the reject file', async () => {
  // A broker of its own: other tests count the messages of the shared one.
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const broker = await startShortLivedKafka({
    dir: path.join(dir, 'kafka'),
    ports: { internal, external, controller },
  });
  const log = createLog('test', 'silent');
  const { brokers } = broker;
  try {
    await ensureTopics({ brokers, log });
    const file = await eventFile('kafka.csv', 12_000, true);
    const ran = await runRastreio(['import', file, '--to', 'kafka', '--brokers', brokers]);
    expect(summary(ran)).toMatchObject({ to: 'kafka', published: 11_988, rejected: 12 });
    expect(ran.code).toBe(1);
    const admin = createKafka({ brokers, clientId: 'test', log }).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
    await admin.disconnect();
    expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(11_988);
    expect(offsets.every(({ high }) => Number(high) > 0)).toBe(true);
    const kept = (await readFile(`${file}.rejeitados.csv`, 'utf8')).trim().split('\n');
    expect(kept).toHaveLength(13);
  } finally {
    await broker.stop();
  }
});

test.each([
  [['none.csv', '--database-url', 'postgresql://127.0.0.1:1/x'], 1, /ECONNREFUSED/],
  [['none.csv'], 2, /Give --database-url or set DATABASE_URL/],
  [['none.csv', '--encoding', 'utf-16'], 2, /Allowed choices are utf-8, latin1/],
  [['none.csv', '--naive-timezone', 'Mars'], 2, /IANA time zone/],
  [['--help'], 0, /./],
])('%j ends with %i', async (args, code, message) => {
  const ran = await runRastreio(['import', ...args], { DATABASE_URL: '' });
  expect(ran.stderr + ran.stdout).toMatch(message);
  expect(ran.code).toBe(code);
});

test('the help tells the exit codes and what a reject file is for', async () => {
  const { stdout } = await runRastreio(['import', '--help']);
  expect(stdout).toMatch(/Exit codes: 0 all rows loaded, 1 some rows rejected/);
  expect(stdout).toMatch(/correct the values there and import that file/);
});
