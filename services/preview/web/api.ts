import { dataFrameFromJSON, type DataFrame, type DataFrameJSON } from '@grafana/data';
import type { DashboardModel, DataSourceModel } from './model';

export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
  readonly url: string;
  readonly tags: readonly string[];
}

/** A query as the server takes it: variables filled in. */
export interface Query {
  readonly refId: string;
  readonly datasource: { readonly uid: string };
  readonly rawSql?: string;
  readonly expr?: string;
  readonly format?: string;
  readonly intervalMs: number;
}

/** Answers of a panel's queries: the frames that arrived, and what went wrong with the others. */
export interface QueryAnswer {
  readonly frames: DataFrame[];
  readonly errors: { readonly refId: string; readonly message: string }[];
  /** Why some of it cannot be asked for here, though nothing is wrong. */
  readonly unavailable: readonly string[];
}

export const listDashboards = () => get<DashboardSummary[]>('/api/search');
export const listDataSources = () => get<DataSourceModel[]>('/api/datasources');
export const getDashboard = async (uid: string) =>
  (await get<{ dashboard: DashboardModel }>(`/api/dashboards/uid/${encodeURIComponent(uid)}`)).dashboard;

interface ResultJson {
  readonly error?: string;
  readonly unavailable?: string;
  readonly frames: DataFrameJSON[];
}

/** Runs queries over a time range (epoch milliseconds). @throws when the server does not answer at all */
export async function runQueries(
  queries: readonly Query[],
  range: { from: number; to: number },
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const response = await fetch('/api/ds/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: String(range.from), to: String(range.to), queries }),
    signal,
  });
  const { results } = (await checked(response)) as { results: Record<string, ResultJson> };
  const frames = queries.flatMap(
    ({ refId }) => results[refId]?.frames.map((frame) => dataFrameFromJSON(frame)) ?? [],
  );
  const errors = Object.entries(results).flatMap(([refId, { error }]) =>
    error === undefined ? [] : [{ refId, message: error }],
  );
  const unavailable = Object.values(results).flatMap((result) => result.unavailable ?? []);
  return { frames, errors, unavailable: [...new Set(unavailable)] };
}

async function get<T>(url: string): Promise<T> {
  return (await checked(await fetch(url))) as T;
}

async function checked(response: Response): Promise<unknown> {
  const body = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(body.message ?? `${response.url} answered ${response.status}`);
  return body;
}
