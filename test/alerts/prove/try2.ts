import path from 'node:path';
import { readRule, type Rule } from '@rastreio/alerts';
import { rulesOfFiles } from '@rastreio/grafana/rules';
import { HOUR_MS } from '@rastreio/simulator';
import { withThrowAwayServer } from '../../../cli/src/alerts/throwAway';
import { Stage } from './incidents';
import { PROOFS } from './proofs';
const [seed, perDay, only] = process.argv.slice(2);
void (async () => {
  const found = await rulesOfFiles(path.resolve(__dirname, '../../../provisioning/alerting'), {
    SEM_PROMETHEUS: 'false',
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/',
  });
  const rules = new Map<string, Rule>();
  for (const r of found.rules)
    try {
      rules.set(r.uid, readRule(r));
    } catch {
      /* no SQL */
    }
  const t = Date.now();
  await withThrowAwayServer(async (adminUrl) => {
    const stage = await Stage.set(
      adminUrl,
      { seed: +seed!, parcelsPerDay: +perDay!, warmupDays: 45, atMs: Date.parse('2026-10-20T12:00:00Z') },
      found.policies,
      new AbortController().signal,
    );
    console.log('base', (Date.now() - t) / 1000);
    for (const [uid, proof] of Object.entries(PROOFS)) {
      if (only && !new RegExp(only).test(uid)) continue;
      for (const which of ['fires', 'nearly'] as const) {
        const s = Date.now();
        const rule = rules.get(uid)!;
        const told = await stage.play(
          rule,
          proof[which],
          Math.max(rule.intervalMs, Math.ceil(proof[which].watchMs / 48 / rule.intervalMs) * rule.intervalMs),
        );
        console.log(
          uid.padEnd(30),
          which.padEnd(7),
          'worst',
          String(told.worst).slice(0, 7).padEnd(8),
          'fires after',
          ((told.firesAfterMs ?? NaN) / HOUR_MS).toFixed(2),
          'told',
          ((told.toldAfterMs ?? NaN) / HOUR_MS).toFixed(2),
          told.instances.length,
          told.instances.slice(0, 2).join(),
          told.errors.join(),
          ((Date.now() - s) / 1000).toFixed(1),
        );
      }
    }
    await stage.close();
  }, new AbortController().signal);
})();
