import { z } from 'zod';
import { checkPoints, tooManyBytes, type Bounds } from './bounds';
import type { DataSource } from './dataSources';
import type { FieldJson, FrameJson } from './frames';
import type { QueryRequest, QueryResult } from './queryRequest';
import { explainError } from './sqlErrors';

export const PROMETHEUS_TYPE = 'prometheus';

type PrometheusQuery = QueryRequest['queries'][number];

const TIMEOUT_MS = 15_000;
const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const answerSchema = z.union([
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(sample) })),
      }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: labels, value: sample })),
      }),
      z.object({ resultType: z.literal('scalar'), result: sample }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/**
 * Answers Prometheus queries as Grafana's data source does, over its HTTP API: a range as one frame per series, an instant
 * as one too. Without an address, says that the panel takes Grafana with Prometheus: that is no error and no value.
 */
export function createPrometheus(bounds: Bounds) {
  return async (
    source: DataSource,
    query: PrometheusQuery,
    range: { fromMs: number; toMs: number },
    takePoints: (count: number) => void,
  ): Promise<QueryResult> => {
    if (source.url === '')
      return {
        status: 200,
        unavailable: 'Este painel precisa de um Prometheus: diga o seu endereço em PROMETHEUS_URL.',
        frames: [],
      };
    try {
      const isInstant = query.instant === true && query.range !== true;
      if (!isInstant) checkPoints(Math.ceil((range.toMs - range.fromMs) / query.intervalMs), bounds);
      return { status: 200, frames: await ask(source.url, query, range, isInstant, { bounds, takePoints }) };
    } catch (error) {
      return { status: 500, error: `Prometheus: ${explainError(error)}`, frames: [] };
    }
  };
}

interface Limits {
  readonly bounds: Bounds;
  readonly takePoints: (count: number) => void;
}

/** @throws TooLargeError before an answer of any size is here */
async function textWithin(response: Response, bounds: Bounds): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bounds.bytes) throw tooManyBytes(bounds);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function ask(
  base: string,
  { refId, expr, intervalMs, legendFormat }: PrometheusQuery,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  isInstant: boolean,
  { bounds, takePoints }: Limits,
): Promise<FrameJson[]> {
  const seconds = (ms: number) => String(ms / 1000);
  const step = Math.max(1, Math.round(intervalMs / 1000));
  const text = expr
    .replaceAll('$__rate_interval', `${Math.max(60, 4 * step)}s`)
    .replaceAll('$__interval_ms', String(intervalMs))
    .replaceAll('$__interval', `${step}s`)
    .replaceAll('$__range', `${Math.round((toMs - fromMs) / 1000)}s`);
  const parameters = isInstant
    ? { query: text, time: seconds(toMs) }
    : { query: text, start: seconds(fromMs), end: seconds(toMs), step: String(step) };
  const response = await fetch(
    new URL(`api/v1/query${isInstant ? '' : '_range'}`, `${base.replace(/\/$/, '')}/`),
    {
      method: 'POST',
      body: new URLSearchParams(parameters),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    },
  );
  const parsed = answerSchema.safeParse(JSON.parse(await textWithin(response, bounds)));
  if (!parsed.success) throw new Error(`${response.url} respondeu ${response.status} em forma desconhecida`);
  if (parsed.data.status === 'error') throw new Error(parsed.data.error);
  const { data } = parsed.data;
  const meta = { executedQueryString: text, type: isInstant ? 'numeric-multi' : 'timeseries-multi' };
  if (data.resultType === 'scalar') return [frameOf(refId, {}, [data.result], legendFormat, meta)];
  takePoints(data.result.reduce((sum, series) => sum + ('values' in series ? series.values.length : 1), 0));
  return data.result.map((series) =>
    frameOf(refId, series.metric, 'values' in series ? series.values : [series.value], legendFormat, meta),
  );
}

function frameOf(
  refId: string,
  metric: Readonly<Record<string, string>>,
  samples: readonly (readonly [number, string])[],
  legendFormat: string | undefined,
  meta: object,
): FrameJson {
  const { __name__: name = 'Value', ...others } = metric;
  const legend = legendFormat === undefined || legendFormat === '__auto' ? '' : legendFormat;
  const displayNameFromDS = legend.replace(
    /\{\{\s*(.+?)\s*\}\}/g,
    (_match, label: string) => metric[label] ?? '',
  );
  const value: FieldJson = {
    name,
    type: 'number',
    typeInfo: { frame: 'float64', nullable: true },
    ...(Object.keys(others).length > 0 ? { labels: others } : {}),
    ...(displayNameFromDS === '' ? {} : { config: { displayNameFromDS } }),
  };
  return {
    schema: {
      refId,
      meta,
      fields: [{ name: 'Time', type: 'time', typeInfo: { frame: 'time.Time', nullable: false } }, value],
    },
    data: { values: [samples.map(([at]) => Math.round(at * 1000)), samples.map(([, text]) => Number(text))] },
  };
}
