import { ApiError, type Client } from '../client';
import { asList, asObject, asText, type Json, type JsonObject } from '../json';
import { momentOf } from './range';
import type { Row } from './row';
import { fillInAll, mayHaveSeveral, valueOf, type Values } from './variables';

export interface QueryCheck {
  /** Longest allowed time of one panel's queries, in milliseconds. */
  readonly limitMs: number;
  /** Panels, as `dashboard/panelId`, and variables, as `dashboard/name`, that may be empty. */
  readonly allowedEmpty: ReadonlySet<string>;
  /** Values for variables, by name; they win over the dashboard's. */
  readonly values: Readonly<Record<string, string>>;
  readonly now: number;
}

interface Answer {
  readonly ms: number;
  readonly rows: number;
  /** The first column of the first frame. */
  readonly first: readonly Json[];
  readonly problem: string | undefined;
}

/** Data sources of Grafana itself, which the screen answers. */
const OF_THE_SCREEN = ['-- Dashboard --', '-- Grafana --', 'grafana'];
const WIDTH_PX = 1000;

/** Runs every variable's and every panel's queries over the dashboard's own time range. */
export async function checkQueries(
  client: Client,
  dashboard: JsonObject,
  check: QueryCheck,
): Promise<readonly Row[]> {
  const uid = asText(dashboard.uid);
  const { from, to } = asObject(dashboard.time);
  const range = {
    from: momentOf(asText(from) || 'now-6h', check.now),
    to: momentOf(asText(to) || 'now', check.now),
  };
  const values = new Map<string, Values>();
  const rows: Row[] = [];
  // In their order: one may depend on those before it.
  for (const variable of asList(asObject(dashboard.templating).list).map(asObject)) {
    const name = asText(variable.name);
    let options: readonly string[] = [];
    if (variable.type === 'query') {
      const target = variableTarget(variable);
      const answer = await run(client, [asObject(fillInAll(target, values, range))], range);
      options = answer.first.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      rows.push(rowOf(`${uid}/${name}`, `variável "${name}" de ${uid}`, answer, check));
    }
    const given = check.values[name];
    values.set(
      name,
      given === undefined ? valueOf(variable, options) : { list: [given], several: mayHaveSeveral(variable) },
    );
  }
  const panels = asList(dashboard.panels)
    .map(asObject)
    .flatMap((panel) => [panel, ...asList(panel.panels).map(asObject)]);
  for (const panel of panels) {
    const targets = targetsOf(panel);
    if (targets.length === 0) continue;
    const filled = targets.map((target) => asObject(fillInAll(target, values, range)));
    const answer = await run(client, filled, range);
    const id = JSON.stringify(panel.id ?? null);
    rows.push(rowOf(`${uid}/${id}`, `painel "${asText(panel.title)}" (${id}) de ${uid}`, answer, check));
  }
  return rows;
}

function rowOf(key: string, what: string, { ms, rows, problem }: Answer, check: QueryCheck): Row {
  const slow = ms > check.limitMs ? `took ${ms} ms, more than ${check.limitMs}` : undefined;
  const empty =
    rows === 0 && !check.allowedEmpty.has(key)
      ? `gave no row; if it may be empty, add --allow-empty ${key}`
      : undefined;
  const failure = problem ?? slow ?? empty;
  return {
    part: 'queries',
    what,
    ok: failure === undefined,
    ms,
    detail: failure ?? (rows === 0 ? 'empty, as allowed' : `${rows} rows`),
  };
}

function targetsOf(panel: JsonObject): readonly JsonObject[] {
  return asList(panel.targets)
    .map(asObject)
    .map((target): JsonObject => ({ ...target, datasource: target.datasource ?? panel.datasource ?? null }))
    .filter(({ hide, datasource }) => {
      const { uid } = asObject(datasource);
      return hide !== true && !OF_THE_SCREEN.includes(asText(uid));
    });
}

/** A variable's query as the screen sends it; data sources other than SQL have forms of their own. */
function variableTarget({ query, datasource }: JsonObject): JsonObject {
  const { rawSql, query: inner } = asObject(query);
  const sql = typeof query === 'string' ? query : asText(rawSql) || asText(inner);
  return { refId: 'variavel', datasource: datasource ?? null, rawSql: sql, format: 'table', rawQuery: true };
}

async function run(
  client: Client,
  targets: readonly JsonObject[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Answer> {
  const started = performance.now();
  const queries = targets.map((target) => ({
    ...target,
    intervalMs: Math.max(1000, Math.round((to - from) / WIDTH_PX)),
    maxDataPoints: WIDTH_PX,
  }));
  let problem: string | undefined;
  let results: JsonObject = {};
  try {
    const answer = await client.send<JsonObject>('POST', '/api/ds/query', {
      queries,
      from: String(Math.round(from)),
      to: String(Math.round(to)),
    });
    results = asObject(answer.results);
  } catch (error) {
    // An error of a query comes with a status of its own, and stands in the results all the same.
    results = error instanceof ApiError ? resultsOf(error.body) : {};
    if (Object.keys(results).length === 0) problem = (error as Error).message;
  }
  const ms = Math.round(performance.now() - started);
  const frames = Object.values(results).flatMap((result) => asList(asObject(result).frames).map(asObject));
  const errors = Object.entries(results).flatMap(([refId, result]) => {
    const text = asText(asObject(result).error);
    return text === '' ? [] : [`${refId}: ${text}`];
  });
  const columns = frames.map(({ data }) => asList(asObject(data).values).map(asList));
  problem ??= errors.length > 0 ? errors.join('; ') : frames.length === 0 ? 'gave no frame' : undefined;
  return {
    ms,
    rows: columns.reduce((sum, frame) => sum + (frame[0]?.length ?? 0), 0),
    first: columns[0]?.[0] ?? [],
    problem,
  };
}

function resultsOf(body: string): JsonObject {
  try {
    return asObject(asObject(JSON.parse(body)).results);
  } catch {
    // No JSON: the caller tells what the client said.
    return {};
  }
}
