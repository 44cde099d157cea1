import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { asList, asObject, asText, type FoundRule } from '@rastreio/grafana/rules';
import { stringify } from 'yaml';

/** A scrape, seconds. */
const STEP = 15;
const PER_DAY = 86_400 / STEP;

/** Samples of one series, a quarter of a minute apart, in the notation of promtool: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series */
interface Samples {
  readonly series: string;
  readonly values: string;
}

/** What a rule on Prometheus is asked: which series fire it, which just do not, and which are those of 28 normal days. */
export interface PrometheusProof {
  readonly fires: { readonly words: string; readonly samples: Samples; readonly afterMinutes: number };
  readonly nearly: { readonly words: string; readonly samples: Samples; readonly worst: number };
  readonly normal: Samples;
}

/** An answer of ten minutes; then it is as old as it gets for so many samples, and goes on. */
const answered = (job: string, silentSamples: number): Samples => ({
  series: `rastreio_${job}_answered_timestamp_seconds{instance="consumer"}`,
  values: `0+${STEP}x40 ${600}x${Math.max(0, silentSamples - 1)} ${600 + STEP * (silentSamples + 1)}+${STEP}x80`,
});
const always = (job: string, days: number): Samples => ({
  series: `rastreio_${job}_answered_timestamp_seconds{instance="consumer"}`,
  values: `0+${STEP}x${days * PER_DAY}`,
});
const answers = (job: 'database' | 'kafka', words: string): PrometheusProof => ({
  fires: { words: `${words} does not answer for ten minutes`, samples: answered(job, 40), afterMinutes: 2 },
  nearly: { words: 'for a minute', samples: answered(job, 4), worst: 1 },
  normal: always(job, 28),
});

/** By rule on Prometheus. */
export const PROMETHEUS_PROOFS: Readonly<Record<string, PrometheusProof>> = {
  'rastreio-banco-parado': answers('database', 'the database'),
  'rastreio-kafka-parado': answers('kafka', 'Kafka'),
  'rastreio-servicos': {
    fires: {
      words: 'a service is down for ten minutes',
      samples: { series: 'up{job="consumer"}', values: '1x40 0x40' },
      afterMinutes: 2,
    },
    nearly: {
      words: 'for a minute',
      samples: { series: 'up{job="consumer"}', values: '1x40 0x3 1x40' },
      worst: 1,
    },
    // Put up anew once a day.
    normal: { series: 'up{job="consumer"}', values: `1x${PER_DAY - 3} 0x1 `.repeat(28).trim() },
  },
};

/** Asks Prometheus itself, by its promtool, whether a rule does what its proof says. @throws Error with promtool's own words */
export async function askPromtool(
  promtool: string,
  { uid, content }: FoundRule,
  { fires, nearly, normal }: PrometheusProof,
): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-promtool-'));
  const alert = uid;
  const firing = (atMinute: number) => [
    { eval_time: `${10 + atMinute}m`, alertname: alert, exp_alerts: [{}] },
  ];
  const quiet = (atMinute: number) => [{ eval_time: `${10 + atMinute}m`, alertname: alert, exp_alerts: [] }];
  const never = (after: string) => ({
    expr: `max_over_time(ALERTS{alertname="${alert}", alertstate="firing"}[${after}])`,
    eval_time: after,
    exp_samples: [],
  });
  const rule = {
    groups: [
      {
        name: 'rules',
        rules: [{ alert, expr: expressionOf(content), for: asText(content.for) || '0s' }],
      },
    ],
  };
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: `${STEP}s`,
        input_series: [fires.samples],
        alert_rule_test: [...firing(fires.afterMinutes), ...quiet(fires.afterMinutes - 1)].map((one) => ({
          ...one,
          exp_alerts: one.exp_alerts.map(() => ({ exp_labels: labelsOf(content, fires.samples) })),
        })),
      },
      { interval: `${STEP}s`, input_series: [nearly.samples], promql_expr_test: [never('20m')] },
      { interval: `${STEP}s`, input_series: [normal], promql_expr_test: [never('28d')] },
    ],
  };
  try {
    await writeFile(path.join(dir, 'rules.yml'), stringify(rule));
    await writeFile(path.join(dir, 'test.yml'), stringify(test));
    await promisify(execFile)(promtool, ['test', 'rules', 'test.yml'], { cwd: dir });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${uid}: ${stdout}${stderr}` || message, { cause: error });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const OPERATORS: Readonly<Record<string, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** The rule's query with its threshold, as Prometheus would write it. */
function expressionOf(content: FoundRule['content']): string {
  const models = asList(content.data).map((item) => asObject(asObject(item).model));
  const expression = asText(models.find(({ expr }) => expr !== undefined)?.expr);
  const threshold = models.find(({ type }) => type === 'threshold');
  const evaluator = asObject(asObject(asList(threshold?.conditions)[0]).evaluator);
  const operator = OPERATORS[asText(evaluator.type)];
  if (expression === '' || operator === undefined)
    throw new Error('not a query of Prometheus with one threshold');
  return `(${expression}) ${operator} ${Number(asList(evaluator.params)[0])}`;
}

/** The labels that aggregation leaves. */
function labelsOf(content: FoundRule['content'], { series }: Samples): Record<string, string> {
  const models = asList(content.data).map((item) => asObject(asObject(item).model));
  const by = /by \((\w+)\)/.exec(asText(models.find(({ expr }) => expr !== undefined)?.expr))?.[1];
  const value = by === undefined ? undefined : new RegExp(`${by}="([^"]*)"`).exec(series)?.[1];
  return by === undefined || value === undefined ? {} : { [by]: value };
}
