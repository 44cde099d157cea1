import path from 'node:path';
import { readRule, type Rule } from '@rastreio/alerts';
import { readProofs, unproven, type ProofResults, type Proven } from '@rastreio/grafana';
import { asText, rulesOfFiles, type FoundRules } from '@rastreio/grafana/rules';
import { OperatorError, runProgram, wholeNumber } from '@rastreio/runtime';
import { findPrometheus } from '@rastreio/stack';
import { Command, Option } from 'commander';
import { createProgressBar } from '../../../cli/src/alerts/progressBar';
import { withThrowAwayServer } from '../../../cli/src/alerts/throwAway';
import { ROOT } from '../../support/dashboardFiles';
import { Stage } from './incidents';
import { proveQuiet, type Quiet } from './normal';
import { askPromtool, PROMETHEUS_PROOFS } from './prometheus';
import { PROOFS } from './proofs';
import { WARMUP_DAYS, WORLDS } from './worlds';
import { firesOf, nearlyOf, normalOf, writeResults } from './results';

interface Options {
  readonly rule?: readonly string[];
  readonly worlds: number;
  readonly days: number;
  readonly parcelsPerDay: number;
  readonly part?: 'incidents' | 'normal';
}

/** Of provisioning/alerting/notificacao.yaml. */
const GROUP_WAIT_SECONDS = 30;
/** At which an incident of days is looked at. */
const MOST_INSTANTS = 240;
/** Of a rule of which nothing is known. */
const NOT_PLAYED: Omit<Proven, 'title'> = {
  fires: { words: '', told_after_seconds: null, instances: 0 },
  nearly: { words: '', worst: null, fired: false },
  normal: { days: 0, worlds: 0, worst: null, false_alarms: 0 },
};

const program = new Command('npm run alerts:prove --')
  .description(
    'For each rule of provisioning/alerting: the incident that must fire it, one that must just not, and days on which nothing is wrong, ' +
      'each in a world of its own. Writes bench/results/alerts.json and the table of docs/alerts.md',
  )
  .exitOverride()
  .option('--rule <uids...>', 'these rules alone; what is known of the others stays')
  .option('--worlds <n>', 'with so many worlds of normal days', wholeNumber(1, WORLDS.length), WORLDS.length)
  .option('--days <n>', 'of so many normal days', wholeNumber(1, 28), 28)
  .option('--parcels-per-day <n>', 'how big the worlds are', wholeNumber(500, 100_000), 1_000)
  .addOption(
    new Option('--part <name>', 'incidents or normal days alone; what is known of the others stays').choices([
      'incidents',
      'normal',
    ]),
  )
  .addHelpText('after', '\nExit codes: 0 all rules are proven, 1 one is not, 2 usage.')
  .action(run);

void runProgram(program);

async function run({ rule: only, worlds, days, parcelsPerDay, part }: Options): Promise<void> {
  const found = await rulesOfFiles(path.join(ROOT, 'provisioning/alerting'), {
    SEM_PROMETHEUS: 'false',
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/',
  });
  const chosen = found.rules.filter(({ uid }) => only === undefined || only.includes(uid));
  if (chosen.length === 0)
    throw new OperatorError(`provisioning/alerting has no rule ${only?.join(' or ')}`, 2);
  const onDatabase = chosen.filter(({ uid }) => uid in PROOFS).map(readRule);
  const bar = createProgressBar(process.stderr);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupt.abort());
  const { signal } = interrupt;
  const work = { rules: onDatabase, policies: found.policies, parcelsPerDay, show: bar.show, signal };
  const save = async (proven: ReadonlyMap<string, Proven>) => {
    const { rules: before } = await readProofs(ROOT);
    await keep(found, { ...before, ...Object.fromEntries(proven) }, parcelsPerDay);
  };
  await save(await proveOnPrometheus(chosen, days, signal));
  if (part !== 'normal')
    await save(withBefore(onDatabase, await readProofs(ROOT), await playIncidents(work)));
  if (part !== 'incidents')
    for await (const passed of passDays(work, worlds, days))
      await save(withBefore(onDatabase, await readProofs(ROOT), passed));
  bar.stop();
  report(found, (await readProofs(ROOT)).rules);
}

/** What is known now: what was found, and the rest as it was. */
function withBefore(
  rules: readonly Rule[],
  { rules: before }: ProofResults,
  found: ReadonlyMap<string, Partial<Proven>>,
): ReadonlyMap<string, Proven> {
  return new Map(
    rules.map(({ uid, title }) => [uid, { ...NOT_PLAYED, ...before[uid], title, ...found.get(uid) }]),
  );
}

interface Work {
  readonly rules: readonly Rule[];
  readonly policies: FoundRules['policies'];
  readonly parcelsPerDay: number;
  readonly show: (what: string, done: number, total: number) => void;
  /** Ends it, with the server that it runs on. */
  readonly signal: AbortSignal;
}

async function playIncidents({ rules, policies, parcelsPerDay, show, signal }: Work) {
  return withThrowAwayServer(async (adminUrl) => {
    const [{ seed, from }] = WORLDS;
    const size = { seed, parcelsPerDay, warmupDays: WARMUP_DAYS, atMs: Date.parse(from) };
    const stage = await Stage.set(adminUrl, size, policies, signal);
    const played = new Map<string, Pick<Proven, 'fires' | 'nearly'>>();
    for (const rule of rules) {
      show('incidents', played.size, rules.length);
      played.set(rule.uid, await playBoth(stage, rule));
    }
    await stage.close();
    return played;
  }, signal);
}

/** One world after the other, each time what all of them so far say. */
async function* passDays(
  { rules, parcelsPerDay, show, signal }: Work,
  worlds: number,
  days: number,
): AsyncGenerator<ReadonlyMap<string, Pick<Proven, 'normal'>>, void> {
  const quiet: (readonly Quiet[])[] = [];
  for (const { seed, from } of WORLDS.slice(0, worlds)) {
    const world = { seed, parcelsPerDay, warmupDays: WARMUP_DAYS, fromMs: Date.parse(from), days };
    const progress = (done: number, total: number) => show(`normal days, world ${seed}`, done, total);
    const found = await withThrowAwayServer((url) => proveQuiet(url, rules, world, progress, signal), signal);
    for (const { uid, alarms } of found)
      for (const { key, atMs, value } of alarms)
        process.stderr.write(`false alarm: ${uid} ${key} ${new Date(atMs).toISOString()} ${value}\n`);
    quiet.push(found);
    yield new Map(
      rules.map((rule, i) => [
        rule.uid,
        {
          normal: normalOf(
            rule,
            quiet.flatMap((of) => of[i] ?? []),
            days,
          ),
        },
      ]),
    );
  }
}

async function playBoth(stage: Stage, rule: Rule): Promise<Pick<Proven, 'fires' | 'nearly'>> {
  const proof = PROOFS[rule.uid];
  if (proof === undefined) throw new Error(`no proof of ${rule.uid}`);
  const fired = await stage.play(rule, proof.fires, everyMs(rule, proof.fires.watchMs));
  const nearly = await stage.play(rule, proof.nearly, everyMs(rule, proof.nearly.watchMs));
  return {
    fires: firesOf(proof.fires.words, fired),
    nearly: nearlyOf(rule, proof.nearly.words, nearly),
  };
}

/** As often as Grafana does, or so many times. */
function everyMs({ intervalMs }: Rule, watchMs: number): number {
  return Math.ceil(watchMs / MOST_INSTANTS / intervalMs) * intervalMs;
}

async function proveOnPrometheus(
  chosen: FoundRules['rules'],
  days: number,
  signal: AbortSignal,
): Promise<Map<string, Proven>> {
  const proven = new Map<string, Proven>();
  const own = chosen.filter(({ uid }) => uid in PROMETHEUS_PROOFS);
  if (own.length === 0) return proven;
  const prometheus = await findPrometheus(signal);
  const promtool = path.join(path.dirname(prometheus), 'promtool');
  for (const rule of own) {
    const proof = PROMETHEUS_PROOFS[rule.uid];
    if (proof === undefined) continue;
    await askPromtool(promtool, rule, proof);
    proven.set(rule.uid, {
      title: asText(rule.content.title),
      fires: {
        words: proof.fires.words,
        told_after_seconds: proof.fires.afterMinutes * 60 + GROUP_WAIT_SECONDS,
        instances: 1,
      },
      nearly: { words: proof.nearly.words, worst: proof.nearly.worst, fired: false },
      normal: { days, worlds: 1, worst: null, false_alarms: 0 },
    });
  }
  return proven;
}

/** In the order of the files. */
async function keep(
  { rules }: FoundRules,
  known: Readonly<Record<string, Proven>>,
  parcelsPerDay: number,
): Promise<void> {
  const all = Object.fromEntries(
    rules.flatMap(({ uid }) => {
      const one = known[uid];
      return one === undefined ? [] : [[uid, one] as const];
    }),
  );
  await writeResults({ date: new Date().toISOString(), parcels_per_day: parcelsPerDay, rules: all });
}

function report({ rules }: FoundRules, all: Readonly<Record<string, Proven>>): void {
  const wrong = rules.flatMap(({ uid }) => {
    const problem = unproven(all[uid]);
    return problem === undefined ? [] : [`${uid} ${problem}`];
  });
  process.stdout.write(
    `${JSON.stringify({ command: 'alerts:prove', rules: rules.length, proven: rules.length - wrong.length, wrong })}\n`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
