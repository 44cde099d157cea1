import path from 'node:path';
import { readRule, type Rule } from '@rastreio/alerts';
import { readProofs, unproven, type Proven } from '@rastreio/grafana';
import { asText, rulesOfFiles, type FoundRules } from '@rastreio/grafana/rules';
import { OperatorError, runProgram, wholeNumber } from '@rastreio/runtime';
import { DAY_MS } from '@rastreio/simulator';
import { findPrometheus } from '@rastreio/stack';
import { Command } from 'commander';
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
  readonly rule?: string;
  readonly worlds: number;
  readonly days: number;
  readonly parcelsPerDay: number;
}

/** Of provisioning/alerting/notificacao.yaml. */
const GROUP_WAIT_SECONDS = 30;

const program = new Command('npm run alerts:prove --')
  .description(
    'For each rule of provisioning/alerting: the incident that must fire it, one that must just not, and days on which nothing is wrong, ' +
      'each in a world of its own. Writes bench/results/alerts.json and the table of docs/alerts.md',
  )
  .exitOverride()
  .option('--rule <uid>', 'this rule alone; what is known of the others stays')
  .option('--worlds <n>', 'with so many worlds of normal days', wholeNumber(1, WORLDS.length), WORLDS.length)
  .option('--days <n>', 'of so many normal days', wholeNumber(1, 28), 28)
  .option('--parcels-per-day <n>', 'how big the worlds are', wholeNumber(500, 100_000), 3_300)
  .addHelpText('after', '\nExit codes: 0 all rules are proven, 1 one is not, 2 usage.')
  .action(run);

void runProgram(program);

async function run({ rule: only, worlds, days, parcelsPerDay }: Options): Promise<void> {
  const found = await rulesOfFiles(path.join(ROOT, 'provisioning/alerting'), {
    SEM_PROMETHEUS: 'false',
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/',
  });
  const uids = found.rules.map(({ uid }) => uid).filter((uid) => only === undefined || uid === only);
  if (uids.length === 0) throw new OperatorError(`provisioning/alerting has no rule "${only}"`, 2);
  const { signal } = new AbortController();
  const bar = createProgressBar(process.stderr);
  const size = { seed: 1, parcelsPerDay, warmupDays: WARMUP_DAYS };
  const proven = new Map<string, Proven>();
  const onDatabase = found.rules.filter(({ uid }) => uids.includes(uid) && uid in PROOFS).map(readRule);
  await proveOnPrometheus(found, uids, days, proven);
  if (onDatabase.length > 0) {
    const incidents = await withThrowAwayServer(async (adminUrl) => {
      const stage = await Stage.set(
        adminUrl,
        { ...size, atMs: Date.parse(WORLDS[0]?.from ?? '') },
        found.policies,
        signal,
      );
      const played = new Map<string, Pick<Proven, 'fires' | 'nearly'>>();
      for (const rule of onDatabase) {
        bar.show('incidents', played.size, onDatabase.length);
        played.set(rule.uid, await playBoth(stage, rule));
      }
      await stage.close();
      return played;
    }, signal);
    const quiet: (readonly Quiet[])[] = [];
    for (const { seed, from } of WORLDS.slice(0, worlds))
      quiet.push(
        await withThrowAwayServer(
          (adminUrl) =>
            proveQuiet(
              adminUrl,
              onDatabase,
              { ...size, seed, fromMs: Math.ceil(Date.parse(from) / DAY_MS) * DAY_MS, days },
              (done, total) => bar.show(`normal days, world ${seed}`, done, total),
              signal,
            ),
          signal,
        ),
      );
    onDatabase.forEach((rule, i) => {
      const both = incidents.get(rule.uid);
      if (both === undefined) return;
      const own = quiet.flatMap((world) => world[i] ?? []);
      for (const { alarms } of own)
        for (const { key, atMs, value } of alarms)
          process.stderr.write(`false alarm: ${rule.uid} ${key} ${new Date(atMs).toISOString()} ${value}\n`);
      proven.set(rule.uid, { title: rule.title, ...both, normal: normalOf(rule, own, days) });
    });
  }
  bar.stop();
  await keep(found, proven, parcelsPerDay);
}

async function playBoth(stage: Stage, rule: Rule): Promise<Pick<Proven, 'fires' | 'nearly'>> {
  const proof = PROOFS[rule.uid];
  if (proof === undefined) throw new Error(`no proof of ${rule.uid}`);
  const fired = await stage.play(rule, proof.fires);
  const nearly = await stage.play(rule, proof.nearly);
  return {
    fires: firesOf(proof.fires.words, fired),
    nearly: nearlyOf(rule, proof.nearly.words, nearly),
  };
}

async function proveOnPrometheus(
  { rules }: FoundRules,
  uids: readonly string[],
  days: number,
  proven: Map<string, Proven>,
): Promise<void> {
  const own = rules.filter(({ uid }) => uids.includes(uid) && uid in PROMETHEUS_PROOFS);
  if (own.length === 0) return;
  const prometheus = await findPrometheus(new AbortController().signal);
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
}

/** In the order of the files; what was not run now stays as it is known. */
async function keep(
  { rules }: FoundRules,
  proven: ReadonlyMap<string, Proven>,
  parcelsPerDay: number,
): Promise<void> {
  const before = await readProofs(ROOT).catch(() => undefined);
  const all = rules.flatMap(({ uid }) => {
    const known = proven.get(uid) ?? before?.rules[uid];
    return known === undefined ? [] : [[uid, known] as const];
  });
  await writeResults({
    date: new Date().toISOString(),
    parcels_per_day: parcelsPerDay,
    rules: Object.fromEntries(all),
  });
  const wrong = rules.flatMap(({ uid }) => {
    const problem = unproven(Object.fromEntries(all)[uid]);
    return problem === undefined ? [] : [`${uid}: ${problem}`];
  });
  process.stdout.write(
    `${JSON.stringify({ command: 'alerts:prove', rules: all.length, proven: rules.length - wrong.length, wrong })}\n`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
