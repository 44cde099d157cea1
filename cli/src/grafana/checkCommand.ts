import { checkGrafana, foldersOf, MAY_BE_EMPTY, PARTS, type Part, type Row } from '@rastreio/grafana';
import { numberIn, OperatorError } from '@rastreio/runtime';
import Table from 'cli-table3';
import { InvalidArgumentError, type Command } from 'commander';
import { needFiles } from '../common/checkout';
import { addGrafana, exitCodes, severalOf, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { collect } from '../common/parse';
import { rootOption, SIGN_IN_HELP, waitOption } from './options';
import { findGrafana } from './place';

interface Options extends PlaceOptions {
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
  addGrafana(program.command('check'))
    .description(
      'look at a live Grafana: data sources, plugins, every query, alert rules, dashboards in a browser, a test notification; changes nothing',
    )
    .addOption(severalOf('--skip <part>', 'leave a part out', PARTS).default([]))
    .option('--without-data-source <uid>', 'need not be healthy; repeatable', collect(asItIs), [])
    .option(
      '--allow-empty <place>',
      'DASHBOARD/PANEL-ID or DASHBOARD/VARIABLE that may be empty, beside those that are by their nature; repeatable',
      collect(asItIs),
      [],
    )
    .option('--var <name=value>', 'a value for a variable of the dashboards; repeatable', collectValue, {})
    .option('--limit-ms <n>', 'how long the queries of one panel may take', numberIn(0), 1000)
    .option(
      '--wait-rules <seconds>',
      'how long rules that were not evaluated yet are waited for',
      numberIn(0),
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
      `${SIGN_IN_HELP}${exitCodes('all is well', 'something is not', 'a setting is missing')}`,
    )
    .action(check);
}

async function check(options: Options): Promise<void> {
  const { root, wait, skip, withoutDataSource, allowEmpty, limitMs, waitRules, webhookHost } = options;
  needFiles(['dashboards', 'provisioning/alerting', 'provisioning/datasources'], root);
  const rows = await checkGrafana({
    ...(await findGrafana(options)),
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
  say(checkTable(rows));
  printResult('grafana:check', summary(rows));
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

function summary(rows: readonly Row[]): object {
  const parts = Object.fromEntries(
    PARTS.map((part) => {
      const own = rows.filter((row) => row.part === part);
      return [part, { checked: own.length, wrong: own.filter(({ ok }) => !ok).length }] as const;
    }).filter(([, { checked }]) => checked > 0),
  );
  const slowest = Math.max(0, ...rows.filter(({ part }) => part === 'queries').map(({ ms = 0 }) => ms));
  const wrong = rows.filter(({ ok }) => !ok).map(({ what, detail }) => ({ what, detail }));
  return { ok: wrong.length === 0, parts, slowestQueryMs: slowest, wrong };
}

function asItIs(text: string): string {
  return text;
}

function collectValue(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Use NAME=VALUE.');
  return { ...before, [name]: value };
}
