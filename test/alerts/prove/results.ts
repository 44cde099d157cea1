import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Rule } from '@rastreio/alerts';
import { proofsFile, type ProofResults, type Proven } from '@rastreio/grafana';
import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';
import style from '../../../.prettierrc.json';
import { between } from '../../../scripts/marked';
import { ROOT } from '../../support/dashboardFiles';
import type { Told } from './incidents';
import type { Quiet } from './normal';

export const PAGE = path.join(ROOT, 'docs/alerts.md');

/** Keeps results, and the table that is made of them. */
export async function writeResults(results: ProofResults): Promise<void> {
  await writeFile(proofsFile(ROOT), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(PAGE, await pageOf(await readFile(PAGE, 'utf8'), results));
}

/** The page with the table that belongs to the results. */
export async function pageOf(page: string, results: ProofResults): Promise<string> {
  return between(page, 'alerts:prove', await table(results));
}

/** What a happening did, in the form of results. */
export function firesOf(words: string, { toldAfterMs, instances }: Told): Proven['fires'] {
  return {
    words,
    told_after_seconds: toldAfterMs === undefined ? null : Math.round(toldAfterMs / 1000),
    instances: instances.length,
  };
}

export function nearlyOf(rule: Rule, words: string, { worst, instances }: Told): Proven['nearly'] {
  return { words, worst: shareOfLimit(rule, worst), fired: instances.length > 0 };
}

/** Several worlds as one: the worst of them. */
export function normalOf(rule: Rule, worlds: readonly Quiet[], days: number): Proven['normal'] {
  const shares = worlds.flatMap(({ worst }) => shareOfLimit(rule, worst) ?? []);
  return {
    days,
    worlds: worlds.length,
    worst: shares.length === 0 ? null : Math.max(...shares),
    false_alarms: worlds.reduce((sum, { alarms }) => sum + alarms.length, 0),
  };
}

/** How near a value is to firing: 1 is the limit, for rules that fire below theirs too. A limit of 0 is any number at all. */
function shareOfLimit({ fires: { type, params } }: Rule, value: number | undefined): number | null {
  const [limit = NaN] = params;
  if (value === undefined) return null;
  const share = limit === 0 ? value : type.startsWith('g') ? value / limit : limit / value;
  return Math.round(share * 1000) / 1000;
}

async function table({ date, parcels_per_day: perDay, rules }: ProofResults): Promise<string> {
  const rows = Object.values(rules).map(({ title, fires, nearly, normal }) =>
    [
      title,
      fires.words,
      duration(fires.told_after_seconds),
      nearly.words,
      percent(nearly.worst),
      percent(normal.worst),
      `${normal.false_alarms} in ${normal.worlds} × ${normal.days} days`,
    ].join(' | '),
  );
  const lines = [
    `Run ${date.slice(0, 10)}, ${perDay} parcels a day.`,
    '',
    'Rule | It fires when | Told after | It does not when | Highest then | Highest on normal days | False alarms',
    '--- | --- | ---: | --- | ---: | ---: | ---:',
    ...rows,
  ];
  return format(lines.join('\n'), { ...(style as object), parser: 'markdown', plugins: [markdown] });
}

function percent(share: number | null): string {
  return share === null ? '-' : `${Math.round(share * 100)} %`;
}

function duration(seconds: number | null): string {
  if (seconds === null) return 'never';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}
