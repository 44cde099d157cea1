import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inDatabase, withClient } from '@rastreio/database';
import { PARTS } from '@rastreio/grafana';
import { EXIT, OperatorError, runCommand } from '@rastreio/runtime';
import { freePorts, startStack, type Progress, type ProviderName, type Stack } from '@rastreio/stack';
import { verify } from '../../cli/src/verify/verify';
import { Command, Option } from 'commander';
import { sendBrokenRecords } from './brokenRecords';
import { rastreio, same } from './ask';
import { checkDashboards } from './dashboards';
import { killParts } from './parts';
import { doctorIsContent, notedBy, runCommands, works } from './running';
import { secretsStayHidden } from './secrets';

const EVENTS = 10_000;
const FAULTS = 'dup=.03,late=.03,malformed=.01,unknown=.005,naive=.005,future=.005,conflict=.005';
const DRAIN_TIMEOUT_MS = 120_000;
const NOTICE_TIMEOUT_MS = 120_000;
const NOTICE_STEP_MS = 5_000;
/** insufficient_privilege */
const DENIED = '42501';

/** What `simulate` prints on its last line. */
interface Tally {
  readonly seed: number;
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
  const [
    db = 0,
    kafka = 0,
    kafkaInternal = 0,
    kafkaController = 0,
    http = 0,
    metrics = 0,
    httpMetrics = 0,
    dashboards = 0,
    prometheus = 0,
    notices = 0,
  ] = await freePorts(10);
  const ports = {
    database: db,
    kafka,
    kafkaInternal,
    kafkaController,
    http,
    metrics,
    httpMetrics,
    dashboards,
    prometheus,
    notices,
  };
  const notes: string[] = [];
  const progress = notedBy(notes);
  const startedAt = Date.now();
  const options = {
    dir: path.join(dir, 'stack'),
    ports,
    database,
    simulator: false,
    backfill: '0s',
    rate: 1,
    grafanaHome: process.env.GRAFANA_HOME,
    // A test downloads no Grafana: the preview, unless one is given.
    preview: (process.env.GRAFANA_HOME ?? '') === '',
    readOnly: false,
    signIn: false,
  };
  const stack = await startStack(options, progress, new AbortController().signal);
  const readyMs = Date.now() - startedAt;
  try {
    const failure = stack.failed.then((text) => Promise.reject(new OperatorError(text)));
    const result = await Promise.race([failure, check(stack, `localhost:${kafka}`, seed, dir, progress)]);
    const printed = await progress.step('Running the commands of the pages', () =>
      Promise.race([failure, runCommands(stack, options.dir, dir)]),
    );
    await progress.step('Looking for passwords in logs and command lines', () =>
      secretsStayHidden(options.dir),
    );
    if (!options.preview)
      await progress.step('Sending a test alert', () => Promise.race([failure, noticeArrives(options.dir)]));
    const shown = options.preview ? ['preview'] : ['grafana', 'notices'];
    const parts = ['http', 'consumer', 'kafka', 'database', ...shown];
    await progress.step('Killing each part', () =>
      Promise.race([failure, killParts({ stackDir: options.dir, notes, works: () => works(stack) }, parts)]),
    );
    process.stdout.write(
      `${JSON.stringify({ command: 'smoke', database, dashboards: options.preview ? 'preview' : 'Grafana', timescaledb: stack.timescaledb, ready_ms: readyMs, ...result, printed_commands: printed, parts_killed: parts.length })}\n`,
    );
    return EXIT.done;
  } finally {
    await progress.step('Stopping', stack.stop);
    await rm(dir, { recursive: true, force: true });
  }
});

async function check(
  stack: Stack,
  brokers: string,
  seed: number,
  dir: string,
  progress: Progress,
): Promise<object> {
  const url = inDatabase(stack.adminUrl, 'rastreio');
  await doctorIsContent(path.join(dir, 'stack'));
  const [truth, stackDir] = [path.join(dir, 'truth.ndjson'), path.join(dir, 'stack')];
  const faults = ['--faults', FAULTS, '--incident', 'frozen_hub', '--incident', 'silence'];
  const args = ['--seed', String(seed), '--count', String(EVENTS), ...faults, '--ground-truth', truth];
  const tally = await progress.step(`Sending ${EVENTS} simulated events`, () =>
    rastreio<Tally>(stackDir, ['simulate', ...args]),
  );
  const result = await progress.step('Comparing the database with the ground truth', () =>
    verify({ file: truth, databaseUrl: url, waitMs: DRAIN_TIMEOUT_MS, ignoreOthers: false }),
  );
  if (!result.ok)
    throw new OperatorError(`the database differs: ${JSON.stringify(result.differences.slice(0, 5))}`);
  same('redelivered messages', result.accounts.redelivered, 0);

  await progress.step('Sending the original’s events', () =>
    rastreio(stackDir, ['simulate', '--scenario', 'original']),
  );
  await postOne(stack);
  // The server is ours alone: its other databases are nobody's, not even to store something in.
  for (const other of ['postgres', 'template1'])
    same(
      `a service in the database ${other}`,
      await codeOfEntering(inDatabase(stack.databaseUrl, other)),
      DENIED,
    );
  const broken = await progress.step('Sending broken records beside good ones', () =>
    sendBrokenRecords(brokers),
  );
  await progress.step('Waiting for them', () => drain(url, tally.sent + 3 + 2 + broken.sent));
  await withClient(url, async (client) => {
    const { rows } = await client.query(
      'SELECT id_pacote::int AS id, status_atual FROM pacotes WHERE id_pacote IN (1333, 1411) ORDER BY 1',
    );
    same('the original’s parcels', rows, [
      { id: 1333, status_atual: 'ENTREGUE' },
      { id: 1411, status_atual: 'EXTRAVIADO' },
    ]);
  });
  await withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT sem_hora::int AS untimed, nunca_chegaram::int AS removed FROM contabilidade(now() - interval '1 hour', now())`,
    );
    same('messages without a time of their own, and removed unread', rows, [
      { untimed: broken.untimed, removed: 0 },
    ]);
  });
  await progress.step('Listing dead letters and recomputing the figures, by the program', async () => {
    const letters = await rastreio<{ total: number }>(stackDir, ['dlq', 'list', '--json']);
    // All rejected messages of the simulation and of the foreign producer; the HTTP source refused its own.
    same('dead letters', letters.total, result.rejected + broken.rejected);
    const figures = await rastreio<{ differences: number }>(stackDir, ['db', 'verify', '--json']);
    same('wrong figures', figures.differences, 0);
  });
  const pages = await progress.step('Looking at the dashboards in a browser', () =>
    checkDashboards(stack, url),
  );
  return {
    seed: tally.seed,
    parcels: result.parcels.compared,
    ...result.accounts,
    identity: true,
    ...pages,
  };
}

/** PostgreSQL's answer to who wants to connect; undefined where they get in. */
async function codeOfEntering(url: string): Promise<string | undefined> {
  return withClient(url, () => Promise.resolve(undefined)).catch((error: { code?: string }) => error.code);
}

/** Through the HTTP source, as a carrier would; the same event twice is one event. */
async function postOne(stack: Stack): Promise<void> {
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
  const mixed = await post([event, { ...event, data_atualizacao: '2026-01-02T03:04:05' }]);
  const answer = (await mixed.json()) as {
    accepted?: number;
    refused?: number;
    results?: { index: number; errors?: { field: string; reason: string }[] }[];
  };
  same('HTTP status of a batch with one wrong event', mixed.status, 207);
  same('what became of its events', [answer.accepted, answer.refused], [1, 1]);
  same(
    'what is wrong with the wrong one',
    answer.results?.flatMap(({ index, errors = [] }) =>
      errors.map(({ field, reason }) => ({ index, field, reason })),
    ),
    [{ index: 1, field: 'data_atualizacao', reason: 'naive_timestamp' }],
  );
}

async function drain(url: string, sent: number): Promise<void> {
  const deadline = Date.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const { rows } = await withClient(url, (client) =>
      client.query<{ consumed: number }>(
        'SELECT coalesce(sum(consumidos), 0)::int AS consumed FROM ingestao',
      ),
    );
    const [account] = rows;
    if (account !== undefined && account.consumed >= sent) return;
    if (Date.now() > deadline)
      throw new OperatorError(`only ${account?.consumed} of ${sent} messages were consumed in time`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A test alert of Grafana reaches the page of notices; for up to a minute Grafana does not know the templates that were just applied. */
async function noticeArrives(stackDir: string): Promise<void> {
  const others = PARTS.filter((part) => part !== 'notification').flatMap((part) => ['--skip', part]);
  const deadline = Date.now() + NOTICE_TIMEOUT_MS;
  for (;;) {
    try {
      await rastreio(stackDir, ['grafana', 'check', '--json', ...others]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(NOTICE_STEP_MS);
  }
}
