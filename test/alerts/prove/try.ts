import path from 'node:path';
import { readRule, RuleQuestion, type Rule } from '@rastreio/alerts';
import { rulesOfFiles } from '@rastreio/grafana/rules';
import { withThrowAwayServer } from '../../../cli/src/alerts/throwAway';
import { proveQuiet } from './normal';
const times = new Map<string, number>();
const ask = RuleQuestion.prototype.ask;
RuleQuestion.prototype.ask = async function (...a) {
  const t = performance.now();
  const r = await ask.apply(this, a);
  times.set(this.rule.uid, (times.get(this.rule.uid) ?? 0) + performance.now() - t);
  return r;
};
const [seed, perDay, days, from] = process.argv.slice(2);
void (async () => {
  const found = await rulesOfFiles(path.resolve(__dirname, '../../../provisioning/alerting'), {
    SEM_PROMETHEUS: 'false',
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/',
  });
  const rules: Rule[] = [];
  for (const r of found.rules)
    try {
      rules.push(readRule(r));
    } catch (e) {
      console.log((e as Error).message);
    }
  const t = Date.now();
  let last = 0;
  await withThrowAwayServer(async (adminUrl) => {
    const q = await proveQuiet(
      adminUrl,
      rules,
      { seed: +seed!, parcelsPerDay: +perDay!, warmupDays: 45, fromMs: Date.parse(from!), days: +days! },
      (d, n) => {
        if (Date.now() - last > 20000) {
          last = Date.now();
          console.log(((d / n) * 100).toFixed(1), ((Date.now() - t) / 1000).toFixed(0));
        }
      },
      new AbortController().signal,
    );
    for (const { uid, alarms, worst, errors, evaluations } of q)
      console.log(
        uid.padEnd(30),
        String(worst).slice(0, 8).padEnd(9),
        alarms.length,
        errors,
        evaluations,
        alarms
          .slice(0, 6)
          .map((a) => `${a.key} ${new Date(a.atMs).toISOString().slice(5, 16)} ${a.value?.toFixed(2)}`)
          .join(' | '),
      );
  }, new AbortController().signal);
  console.log(
    [...times]
      .sort((a, b) => b[1] - a[1])
      .map(([u, t]) => `${u} ${Math.round(t)}`)
      .join('\n'),
  );
  console.log((Date.now() - t) / 1000, process.cpuUsage().user / 1e6);
})();
