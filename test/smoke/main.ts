import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inDatabase, withClient } from '@rastreio/database';
import { EXIT, OperatorError, runCommand } from '@rastreio/runtime';
import { createProgress, freePorts, startStack, type ProviderName, type Stack } from '@rastreio/stack';
import { Command, Option } from 'commander';
import { checkDashboards } from './dashboards';

const ROOT = path.resolve(__dirname, '../..');
const EVENTS = 10_000;
const FAULTS = 'dup=.03,late=.03,malformed=.01';
const DRAIN_TIMEOUT_MS = 120_000;

/** What `simulate` prints on its last line. */
interface Tally {
  readonly seed: number;
  readonly event: number;
  readonly duplicate: number;
  readonly late: number;
  readonly malformed: number;
  readonly sent: number;
}

const program = new Command('npm run smoke --')
  .description(
    'Start the stack on free ports, send events through it, compare the database, the dashboards and the page, stop it',
  )
  .addOption(
    new Option('--database <provider>', 'as for npm start')
      .choices(['auto', 'installed', 'timescaledb', 'embedded'])
      .default('auto'),
  )
  .option('--seed <n>', 'of the simulated events', Number, 20_251_012)
  .addHelpText('after', '\nExit codes: 0 all agrees, 1 something differs or failed, 2 usage.');

void runCommand(async () => {
  const { database, seed } = program.parse().opts<{ database: ProviderName; seed: number }>();
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-smoke-'));
  // As root, PostgreSQL runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const [db = 0, kafka = 0, kafkaInternal = 0, kafkaController = 0, http = 0, metrics = 0, dashboards = 0] =
    await freePorts(7);
  const ports = { database: db, kafka, kafkaInternal, kafkaController, http, metrics, dashboards };
  const progress = createProgress(process.stderr);
  const startedAt = Date.now();
  const options = {
    dir: path.join(dir, 'stack'),
    ports,
    database,
    simulator: false,
    backfill: '0s',
    rate: 1,
    grafanaHome: '',
  };
  const stack = await startStack(options, progress, new AbortController().signal);
  const readyMs = Date.now() - startedAt;
  try {
    const failure = stack.failed.then((text) => Promise.reject(new OperatorError(text)));
    const result = await Promise.race([failure, check(stack, seed, progress)]);
    process.stdout.write(
      `${JSON.stringify({ command: 'smoke', database, timescaledb: stack.timescaledb, ready_ms: readyMs, ...result })}\n`,
    );
    return EXIT.done;
  } finally {
    await progress.step('Stopping', stack.stop);
    await rm(dir, { recursive: true, force: true });
  }
});

async function check(
  stack: Stack,
  seed: number,
  progress: ReturnType<typeof createProgress>,
): Promise<object> {
  const url = inDatabase(stack.adminUrl, 'rastreio');
  await progress.step('Sending the seed’s events', () => simulate(stack, ['--scenario', 'seed']));
  const accepted = await postOne(stack);
  const args = ['--seed', String(seed), '--count', String(EVENTS), '--rate', '0', '--faults', FAULTS];
  const tally = await progress.step(`Sending ${EVENTS} simulated events`, () => simulate(stack, args));
  const sent = tally.sent + 3 + accepted;
  const account = await progress.step('Waiting until all of it is accounted for', () => drain(url, sent));

  const expected = {
    consumed: sent,
    inserted: tally.event + tally.late + 3 + accepted,
    duplicate: tally.duplicate,
    rejected: tally.malformed,
  };
  same('accounting', account, expected);
  await withClient(url, async (client) => {
    const one = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
    same(
      'rejected messages',
      (await one('SELECT count(*)::int AS n FROM eventos_rejeitados'))[0]?.n,
      tally.malformed,
    );
    same(
      'events',
      (await one('SELECT count(*)::int AS n FROM eventos_rastreamento'))[0]?.n,
      expected.inserted,
    );
    const states = await one(
      'SELECT id_pacote::int AS id, status_atual FROM pacotes WHERE id_pacote IN (1333, 1411) ORDER BY 1',
    );
    same('the seed’s packages', states, [
      { id: 1333, status_atual: 'ENTREGUE' },
      { id: 1411, status_atual: 'EXTRAVIADO' },
    ]);
    const reference = async (file: string) =>
      (await readFile(path.join(ROOT, 'sql/reference', file), 'utf8')).trim().replace(/;$/, '');
    const order = 'ORDER BY status_rastreamento';
    same(
      'packages by status',
      await one(`SELECT * FROM status_dos_pacotes ${order}`),
      await one(`SELECT * FROM (${await reference('status_atual.sql')}) AS r ${order}`),
    );
    const [mean] = await one(
      `SELECT extract(epoch FROM tempo_medio_de_entrega)::float8 AS s FROM (${await reference('tempo_medio_de_entrega.sql')}) AS r`,
    );
    const [kept] = await one('SELECT tempo_medio_segundos AS s FROM indicadores_entrega');
    if (Math.abs(Number(mean?.s) - Number(kept?.s)) > 1e-5) same('mean delivery time', kept, mean);
  });
  const pages = await progress.step('Looking at the dashboards in a browser', () =>
    checkDashboards(stack, url),
  );
  return { seed: tally.seed, ...expected, identity: true, ...pages };
}

/** Through the HTTP source, as a carrier would; the same event twice is one event. */
async function postOne(stack: Stack): Promise<number> {
  const event = {
    id_pacote: 4242,
    origem: 'Recife',
    destino: 'Natal',
    status_rastreamento: 'Postado',
    data_atualizacao: '2026-01-02T03:04:05-03:00',
  };
  const post = (body: unknown) =>
    fetch(`${stack.httpUrl}/eventos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const taken = await post(event);
  same('HTTP status of an event', taken.status, 202);
  const refused = await post([event, { ...event, data_atualizacao: '2026-01-02T03:04:05' }]);
  const problem = (await refused.json()) as { errors?: { index: number; field: string; reason: string }[] };
  same('HTTP status of a wrong event', refused.status, 422);
  same(
    'what is wrong with it',
    problem.errors?.map(({ index, field, reason }) => ({ index, field, reason })),
    [{ index: 1, field: 'data_atualizacao', reason: 'naive_timestamp' }],
  );
  return 1;
}

async function drain(url: string, sent: number): Promise<object> {
  const deadline = Date.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const { rows } = await withClient(url, (client) =>
      client.query<{ consumed: number }>(
        `SELECT coalesce(sum(consumidos), 0)::int AS consumed, coalesce(sum(inseridos), 0)::int AS inserted,
                coalesce(sum(duplicados), 0)::int AS duplicate, coalesce(sum(rejeitados), 0)::int AS rejected FROM ingestao`,
      ),
    );
    const [account] = rows;
    if (account !== undefined && account.consumed >= sent) return account;
    if (Date.now() > deadline)
      throw new OperatorError(`only ${account?.consumed} of ${sent} messages were consumed in time`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function simulate(stack: Stack, args: readonly string[]): Promise<Tally> {
  const command = ['--import', 'tsx', path.join(ROOT, 'services/producer/src/main.ts'), 'simulate', ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, KAFKA_BROKERS: stack.brokers },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new OperatorError(`simulate ended with exit code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Tally;
}

function same(what: string, actual: unknown, expected: unknown): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new OperatorError(`${what}: got ${a}, expected ${e}`);
}
