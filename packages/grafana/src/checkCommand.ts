import { OperatorError } from '@rastreio/runtime';
import Table from 'cli-table3';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readTarget } from './auth';
import { checkGrafana } from './check';
import { MAY_BE_EMPTY } from './check/mayBeEmpty';
import { PARTS, type Part, type Row } from './check/row';
import { foldersOf } from './folders';
import { rootOption, SIGN_IN_HELP, urlOption, waitOption } from './options';

interface Options {
  readonly url: string;
  readonly root?: string;
  readonly wait: number;
  readonly skip: readonly Part[];
  readonly withoutDataSource: readonly string[];
  readonly allowEmpty: readonly string[];
  readonly var: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly waitRules: number;
  readonly webhookHost: string;
}

/** Adds `check` to the program. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'look at a live Grafana: data sources, plugins, every query, alert rules, dashboards in a browser, a test notification; changes nothing',
    )
    .addOption(urlOption())
    .addOption(
      new Option('--skip <part>', 'leave a part out; repeatable')
        .choices(PARTS)
        .argParser(collectPart)
        .default([]),
    )
    .option('--without-data-source <uid>', 'need not be healthy; repeatable', collect, [])
    .option(
      '--allow-empty <place>',
      'DASHBOARD/PANEL-ID or DASHBOARD/VARIABLE that may be empty, beside those that are by their nature; repeatable',
      collect,
      [],
    )
    .option('--var <name=value>', 'a value for a variable of the dashboards; repeatable', collectValue, {})
    .option('--limit-ms <n>', 'how long the queries of one panel may take', milliseconds, 1000)
    .option(
      '--wait-rules <seconds>',
      'how long rules that were not evaluated yet are waited for',
      milliseconds,
      90,
    )
    .option(
      '--webhook-host <address>',
      'this machine as Grafana sees it, for the test notification',
      '127.0.0.1',
    )
    .addOption(rootOption())
    .addOption(waitOption())
    .addHelpText(
      'after',
      `${SIGN_IN_HELP}\nExit codes: 0 all is well, 1 something is not, 2 usage, 78 a setting is missing.`,
    )
    .action(check);
}

async function check(options: Options): Promise<void> {
  const { url, root, wait, skip, withoutDataSource, allowEmpty, limitMs, waitRules, webhookHost } = options;
  const rows = await checkGrafana({
    ...readTarget(url),
    folders: foldersOf(root),
    waitMs: wait * 1000,
    skip: new Set(skip),
    withoutDataSources: new Set(withoutDataSource),
    allowedEmpty: new Set([...MAY_BE_EMPTY.keys(), ...allowEmpty]),
    values: options.var,
    limitMs,
    waitRulesMs: waitRules * 1000,
    webhookHost,
  });
  process.stderr.write(`${checkTable(rows)}\n`);
  process.stdout.write(`${JSON.stringify(summary(rows))}\n`);
  const wrong = rows.filter(({ ok }) => !ok).length;
  if (wrong > 0) throw new OperatorError(`${wrong} of ${rows.length} are not well`);
}

/** One row per thing that was checked. */
function checkTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', 'part', 'what', 'ms', 'found'],
    style: { head: [], border: [] },
    colWidths: [6, 14, 52, 8, 70],
    wordWrap: true,
  });
  table.push(
    ...rows.map(({ part, what, ok, ms, detail }) => [ok ? 'ok' : 'BAD', part, what, ms ?? '', detail]),
  );
  return table.toString();
}

function summary(rows: readonly Row[]): unknown {
  const parts = Object.fromEntries(
    PARTS.map((part) => {
      const own = rows.filter((row) => row.part === part);
      return [part, { checked: own.length, wrong: own.filter(({ ok }) => !ok).length }] as const;
    }).filter(([, { checked }]) => checked > 0),
  );
  const slowest = Math.max(0, ...rows.filter(({ part }) => part === 'queries').map(({ ms = 0 }) => ms));
  const wrong = rows.filter(({ ok }) => !ok).map(({ what, detail }) => ({ what, detail }));
  return { command: 'grafana:check', ok: wrong.length === 0, parts, slowestQueryMs: slowest, wrong };
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function collectPart(text: string, before: readonly Part[]): readonly Part[] {
  const part = PARTS.find((p) => p === text);
  if (part === undefined) throw new InvalidArgumentError(`Use one of ${PARTS.join(', ')}.`);
  return [...before, part];
}

function collectValue(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Use NAME=VALUE.');
  return { ...before, [name]: value };
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Use a number from 0.');
  return value;
}
