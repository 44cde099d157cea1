import { dataFrameFromJSON, type DataFrame, type DataFrameJSON } from '@grafana/data';
import type { DashboardModel, DataSourceModel, TargetModel } from './model';

export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
  readonly url: string;
}

/** Answers of a panel's queries: the frames that arrived, and what went wrong with the others. */
export interface QueryAnswer {
  readonly frames: DataFrame[];
  readonly errors: { readonly refId: string; readonly message: string }[];
}

export const listDashboards = () => get<DashboardSummary[]>('/api/search');
export const listDataSources = () => get<DataSourceModel[]>('/api/datasources');
export const getDashboard = async (uid: string) =>
  (await get<{ dashboard: DashboardModel }>(`/api/dashboards/uid/${encodeURIComponent(uid)}`)).dashboard;

/** Runs queries over a time range (epoch milliseconds). @throws when the server does not answer at all */
export async function runQueries(
  queries: readonly TargetModel[],
  range: { from: number; to: number },
  intervalMs: number,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const response = await fetch('/api/ds/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      from: String(range.from),
      to: String(range.to),
      queries: queries.map((q) => ({ ...q, intervalMs })),
    }),
    signal,
  });
  const { results } = (await checked(response)) as {
    results: Record<string, { error?: string; frames: DataFrameJSON[] }>;
  };
  const frames = queries.flatMap(
    ({ refId }) => results[refId]?.frames.map((frame) => dataFrameFromJSON(frame)) ?? [],
  );
  const errors = Object.entries(results).flatMap(([refId, { error }]) =>
    error === undefined ? [] : [{ refId, message: error }],
  );
  return { frames, errors };
}

async function get<T>(url: string): Promise<T> {
  return (await checked(await fetch(url))) as T;
}

async function checked(response: Response): Promise<unknown> {
  const body = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(body.message ?? `${response.url} answered ${response.status}`);
  return body;
}
