import { CONNECTION_DEFAULTS, findTableDifferences, withClient } from '@rastreio/database';
import { Client, type ClientBase } from 'pg';
import { alertQueries } from '../bench/kpis/dashboards';
import { loadParcels } from '../bench/kpis/load';
import { queryTexts } from '../bench/kpis/queries';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';

// No query of a dashboard, an alert rule or a KPI may read all events or all parcels. The dashboard of the batch part
// (entregas-lote) is left out: it runs the original's own queries on purpose, which scan.
//
// The size matters: on a few hundred rows a sequential scan is the right plan. 30,000 parcels over 365 days give 240,000 events in 53
// chunks of some 4,500 rows, 40 pages each, and 30,000 parcels on 500 pages: the ranges that the queries ask for are some percent of
// that, as in production, and the planner takes an index by its usual costs; nothing is forced. Where it would scan here, it would scan
// at any size.
const PARCELS = 30_000;
/** Indexes that hold the parcels under way alone, or those out of order, few of all that there ever were: to read all of one is no scan. */
const FEW_PARCELS: ReadonlySet<string | undefined> = new Set([
  ...['pacotes_abertos', 'pacotes_fora_de_ordem'],
  // Only parcels with a carrier, of which this world has none.
  'pacotes_entregas_transportadora',
]);
/** What reads the parcels of chosen places, for places that have so many of them that they lie on every page. */
const OF_A_CITY = /^(status|indicadores)_em, city/;
/** Few parcels' events: reading back from the newest one passes whole chunks, but not the year's. */
const READS_BACK = /^ultimos_eventos, 2 y, lane$/;
const CHUNKS_PASSED = 12;
/** Of some 40 that a chunk has: so many has one range of the index on instants, which tells nothing within it. */
const SMALL_PAGES = 16;
const LOAD_TIMEOUT_MS = 300_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Parent Relationship'?: string;
  /** Of an aggregate: plain where all rows become one. */
  readonly Strategy?: string;
  readonly Plans?: readonly Plan[];
}

describe.each(SERVERS)('plans on $name', (server) => {
  const now = new Date();
  let database: TestDatabase;
  let client: Client;
  /** Chunks of a few pages, such as the newest one in the hours after it began: to read one whole is the right plan. */
  let small: ReadonlySet<string>;

  beforeAll(async () => {
    database = await freshDatabase(server);
    // In one part: where two meet, their events lie in each other's order of receipt, and a chunk of so few pages is better read whole.
    await loadParcels({ ownerUrl: database.ownerUrl, parcels: PARCELS, until: now, part: PARCELS });
    client = new Client({ ...CONNECTION_DEFAULTS, connectionString: database.adminUrl });
    await client.connect();
    await logPlans(client);
    const { rows } = await client.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relname ~ '^_hyper_.*_chunk$' AND relkind = 'r' AND relpages < ${SMALL_PAGES}`,
    );
    small = new Set(rows.map(({ relname }) => relname));
    expect(small.size).toBeLessThan(4);
  }, LOAD_TIMEOUT_MS);

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  test('the loaded tables are what the events say', async () => {
    expect(await withClient(database.ownerUrl, findTableDifferences)).toEqual([]);
  });

  test.each(
    [...queryTexts(now, PARCELS), ...alertQueries(now)]
      .filter(({ name }) => !OF_A_CITY.test(name))
      .map((query) => [query.name, query.sql] as const),
  )('%s', async (name, sql) => {
    const plans = await plansOf(client, sql);
    expect(plans.flatMap((plan) => repeatedSums(plan))).toEqual([]);
    const scanned = plans.flatMap(wholeScans);
    const whole = scanned.filter((table) => table === 'pacotes' || isEvents(table));
    const large = whole.filter((table) => !small.has(table));
    if (!READS_BACK.test(name)) expect(large).toEqual([]);
    else {
      expect(large.filter((table) => !table.startsWith('_hyper_'))).toEqual([]);
      expect(large.length).toBeLessThanOrEqual(CHUNKS_PASSED);
    }
  });

  test('a query that reads all events is seen, also inside a function', async () => {
    await client.query(`
      CREATE FUNCTION pg_temp.todos() RETURNS bigint LANGUAGE plpgsql AS
      $$ BEGIN RETURN (SELECT count(DISTINCT recebido_em) FROM public.eventos_rastreamento); END $$`);
    const scanned = (await plansOf(client, 'SELECT pg_temp.todos()')).flatMap(wholeScans);
    expect(scanned.filter(isEvents).length).toBeGreaterThan(server.timescaledb ? 50 : 0);
  });
});

/** Has the server send the plan of every statement, those inside functions included, which EXPLAIN does not show. */
async function logPlans(client: ClientBase): Promise<void> {
  await client.query(`
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_format = 'json';
    SET auto_explain.log_level = 'notice';
    SET jit = off`);
}

async function plansOf(client: Client, sql: string): Promise<Plan[]> {
  const messages: string[] = [];
  const listen = ({ message }: { message?: string | undefined }) => messages.push(message ?? '');
  client.on('notice', listen);
  try {
    await client.query(sql);
  } finally {
    client.off('notice', listen);
  }
  const plans = messages
    .map((message) => /plan:\n(\{[\s\S]*\})$/.exec(message)?.[1])
    .filter((json) => json !== undefined)
    .map((json) => (JSON.parse(json) as { Plan: Plan }).Plan);
  expect(plans.length).toBeGreaterThan(0);
  return plans;
}

/** Tables that are read whole: by a sequential scan, or through an index from its beginning to its end. */
function wholeScans(plan: Plan): string[] {
  const {
    'Node Type': type,
    'Relation Name': table = '',
    'Index Name': index = '',
    'Index Cond': condition,
  } = plan;
  const whole =
    type === 'Seq Scan' ||
    (/^Index (Only )?Scan$/.test(type) && condition === undefined && !FEW_PARCELS.has(index));
  return [...(whole ? [table] : []), ...(plan.Plans ?? []).flatMap(wholeScans)];
}

/**
 * Summaries that are summed up again for each package or event, although the row changes nothing about them: where the planner expects one
 * row and there are many, the query takes that many times as long. Those that an index finds for the row are few and left out.
 */
function repeatedSums(plan: Plan, repeated = false): string[] {
  const { 'Node Type': type, Plans: parts = [] } = plan;
  const read = tablesOf(plan);
  if (repeated && /Aggregate|WindowAgg/.test(type) && read !== '' && !readsForRow(plan))
    return [`${type} of ${read}`];
  // What is computed once and kept.
  const kept = type === 'Materialize' || type === 'Memoize';
  const loops = type === 'Nested Loop' && parts.some((part) => isPart(part, 'Outer') && hasManyRows(part));
  return parts
    .filter((part) => !isPart(part, 'InitPlan'))
    .flatMap((part) => repeatedSums(part, !kept && (repeated || (loops && isPart(part, 'Inner')))));
}

function isPart(part: Plan, relationship: string): boolean {
  return part['Parent Relationship'] === relationship;
}

/** Whether it gives rows of packages or events, and not one row about them all. */
function hasManyRows({ 'Relation Name': table = '', Strategy: strategy, Plans: parts = [] }: Plan): boolean {
  if (strategy === 'Plain') return false;
  return (
    table === 'pacotes' ||
    isEvents(table) ||
    parts.some((part) => !isPart(part, 'InitPlan') && hasManyRows(part))
  );
}

/** Whether an index of its tables is asked for a column of another table, which EXPLAIN writes with that one's name. */
function readsForRow({ 'Index Cond': condition = '', Plans: parts = [] }: Plan): boolean {
  return /\b[a-z_]\w*\.[a-z_]/.test(condition) || parts.some(readsForRow);
}

function tablesOf({ 'Relation Name': table, Plans: parts = [] }: Plan): string {
  return [table, ...parts.map(tablesOf)].filter(Boolean).join(', ');
}

function isEvents(table: string): boolean {
  return table === 'eventos_rastreamento' || /^_hyper_\d+_\d+_chunk$/.test(table);
}
