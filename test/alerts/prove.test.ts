import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readRule, type Rule } from '@rastreio/alerts';
import { readProofs, unproven } from '@rastreio/grafana';
import { rulesOfFiles, type FoundRules } from '@rastreio/grafana/rules';
import { HOUR_MS } from '@rastreio/simulator';
import { findPrometheus } from '@rastreio/stack';
import { withThrowAwayServer } from '../../cli/src/alerts/throwAway';
import { ROOT } from '../support/dashboardFiles';
import { Stage } from './prove/incidents';
import { askPromtool, PROMETHEUS_PROOFS } from './prove/prometheus';
import { PROOFS } from './prove/proofs';
import { PAGE, pageOf } from './prove/results';
import { WORLDS } from './prove/worlds';

const ENV = { SEM_PROMETHEUS: 'false', ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/' };
/** Of an incident so many instants are looked at; npm run alerts:prove looks as often as Grafana does. */
const INSTANTS = 16;
const PARCELS_PER_DAY = 1_000;
/** What silence is compared with is a week old. */
const DAYS_BEFORE = 9;
/** Incidents that take longer to tell are left to npm run alerts:prove; rules.test.ts has the limits of all rules. */
const LONGEST_MS = 2 * HOUR_MS;

let found: FoundRules;
beforeAll(async () => {
  found = await rulesOfFiles(path.join(ROOT, 'provisioning/alerting'), ENV);
});

test('every rule has a proof, a runbook, and results of a long run in which it held', async () => {
  const uids = found.rules.map(({ uid }) => uid);
  expect(uids.toSorted()).toEqual(Object.keys({ ...PROOFS, ...PROMETHEUS_PROOFS }).sort());
  const results = await readProofs(ROOT);
  for (const uid of uids) expect([uid, unproven(results.rules[uid])]).toEqual([uid, undefined]);
  const page = await readFile(PAGE, 'utf8');
  expect(page).toBe(await pageOf(page, results));
});

test('rules on Prometheus fire as they should, asked of Prometheus itself', async () => {
  const promtool = path.join(path.dirname(await findPrometheus(new AbortController().signal)), 'promtool');
  for (const rule of found.rules) {
    const proof = PROMETHEUS_PROOFS[rule.uid];
    if (proof !== undefined) await askPromtool(promtool, rule, proof);
  }
});

test('rules that tell within two hours fire when their incident happens, and not when nearly so much does', async () => {
  const { signal } = new AbortController();
  const isQuick = (uid: string) => (PROOFS[uid]?.fires.watchMs ?? Infinity) <= LONGEST_MS;
  const rules: readonly Rule[] = found.rules.filter(({ uid }) => isQuick(uid)).map(readRule);
  expect(rules.length).toBeGreaterThan(5);
  await withThrowAwayServer(async (adminUrl) => {
    const size = { seed: WORLDS[0].seed, parcelsPerDay: PARCELS_PER_DAY, warmupDays: DAYS_BEFORE };
    const stage = await Stage.set(
      adminUrl,
      { ...size, atMs: Date.parse(WORLDS[0].from) },
      found.policies,
      signal,
    );
    for (const rule of rules) {
      const proof = PROOFS[rule.uid];
      if (proof === undefined) continue;
      for (const what of ['fires', 'nearly'] as const) {
        const happening = proof[what];
        const steps = Math.ceil(happening.watchMs / INSTANTS / rule.intervalMs);
        const told = await stage.play(rule, happening, steps * rule.intervalMs);
        expect([rule.uid, what, told.instances.length > 0]).toEqual([rule.uid, what, what === 'fires']);
      }
    }
    await stage.close();
  }, signal);
});
