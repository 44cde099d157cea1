import { writeFile } from 'node:fs/promises';
import { backtest, chooseBy, readHistory, type By } from '@rastreio/alerts';
import { numberAbove, numberIn, OperatorError, parseDuration } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { addDatabase, exitCodes } from '../common/options';
import { printResult, progressStream, say } from '../common/output';
import { findDatabase } from '../common/where';
import { SIGN_IN_HELP } from '../grafana/options';
import { createProgressBar } from './progressBar';
import { reportOf, type Report } from './report';
import { describeReport } from './reportText';
import { chooseRules, type ChosenRules, type RuleChoice } from './rules';
import { withThrowAwayServer } from './throwAway';

interface Options extends RuleChoice {
  readonly days: number;
  readonly every?: number;
  readonly offset: number;
  readonly by?: By;
  readonly atMost?: number;
  readonly out?: string;
}

const DAY_MS = 86_400_000;

const HELP = `
The database is only read, in one transaction that can change nothing; any role that may read it will do. What was written to it is
written again, in the order and at the instants of then, into a throw-away PostgreSQL in a temporary folder, which is gone at the end.

--below alone fires below it; with --above it is where an alert that fires above ends.`;

/** Adds `backtest` to the program. */
export function addBacktest(program: Command): void {
  addDatabase(program.command('backtest'), 'a role that may read, such as grafana_reader')
    .description(
      'run alert rules over the history that the database has: when each would have fired, how often somebody would have been told, and which limit tells at most so often',
    )
    .option('--days <n>', 'how far back, fractions too', numberAbove(0), 30)
    .option(
      '--rule <uid>',
      'one rule: of provisioning/alerting, or with --url of a running Grafana (default: all of provisioning/alerting)',
    )
    .option('--url <url>', 'the Grafana that has the rule; user and password may stand in it')
    .option(
      '--sql <file>',
      'a query instead of a rule: one column of numbers, else texts; a row is an instance',
    )
    .option('--above <n>', 'with --sql: fires above it', numberIn(-Infinity))
    .option('--below <n>', 'with --sql: see below', numberIn(-Infinity))
    .addOption(
      new Option('--for <duration>', 'with --sql: how long it must hold before it fires').argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option('--keep-firing <duration>', 'with --sql: how long it goes on firing after that').argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option(
        '--every <duration>',
        'how often a rule is looked at (default: as often as Grafana does, or less often where that would take longer than a minute or so)',
      ).argParser(parseDuration),
    )
    .option('--offset <seconds>', 'how long after each full step', numberIn(0), 0)
    .addOption(
      new Option(
        '--by <instant>',
        'when data are there: when they were received, or when events happened (default: received, unless most were received over a day late)',
      ).choices(['received', 'happened']),
    )
    .option('--at-most <n>', 'also find the limit that tells at most so often a week', numberIn(0))
    .option('--out <file>', 'write every transition there as NDJSON')
    .addHelpText(
      'after',
      `${HELP}${SIGN_IN_HELP}${exitCodes('done, whatever would have fired', 'failed or interrupted', 'a rule or database that this cannot work with')}`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const chosen = await chooseRules(options);
  if (chosen.rules.length === 0) throw new OperatorError(`No rule can be tried: ${chosen.left.join('; ')}`);
  const { url: _grafana, ...place } = options;
  const databaseUrl = await findDatabase(place, 'reader');
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const bar = createProgressBar(progressStream());
  let report: Report;
  try {
    report = await tryOnThePast(chosen, options, databaseUrl, bar.show, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted)
      throw new OperatorError('Interrupted: nothing is left of the copy', undefined, { cause: error });
    throw error;
  } finally {
    bar.stop();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  }
  say(describeReport(report));
  if (options.out !== undefined)
    await writeFile(
      options.out,
      report.rules
        .flatMap(({ uid, transitions }) =>
          transitions.map((row) => `${JSON.stringify({ rule: uid, ...row })}\n`),
        )
        .join(''),
    );
  const { rules, ...rest } = report;
  printResult('alerts:backtest', {
    ...rest,
    rules: rules.map(({ transitions, ...rule }) => ({ ...rule, transitions: transitions.length })),
  });
}

async function tryOnThePast(
  { rules, policies, left }: ChosenRules,
  { every, ...options }: Options,
  databaseUrl: string,
  show: (what: string, done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Report> {
  const startedAt = performance.now();
  const history = await readHistory(databaseUrl, (done, total) => show('reading', done, total), signal);
  const fromMs = history.nowMs - options.days * DAY_MS;
  const choice = chooseBy(history.events, fromMs);
  const by = options.by ?? choice.by;
  const result = await withThrowAwayServer(
    (adminUrl) =>
      backtest({
        adminUrl,
        history,
        rules,
        by,
        fromMs,
        everyMs: every === undefined ? undefined : () => every,
        offsetMs: options.offset * 1000,
        onProgress: (done, total) => show('replaying', done, total),
        signal,
      }),
    signal,
  );
  return reportOf({
    ...result,
    policies,
    left,
    by,
    lateShare: choice.lateShare,
    span: { fromMs, toMs: history.nowMs },
    timeZone: history.timeZone,
    events: history.events.length,
    removedBeforeMs: history.removedBeforeMs,
    atMost: options.atMost,
    seconds: () => (performance.now() - startedAt) / 1000,
  });
}
