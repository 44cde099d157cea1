import { DASHBOARDS } from '../../test/support/dashboardFiles';
import { RANGES } from '../../test/support/dashboardSql';
import { dashboardQueries, type Query } from './dashboards';
import { FIRST_ID } from './loadSql';

interface Target {
  /** p95 in milliseconds. */
  readonly p95Ms: number;
  /** Times the p95 of the smallest size. */
  readonly ratio?: number;
}

/** A query to measure. Its text is that of a run: queries for one parcel ask for another one each time. */
export interface MeasuredQuery {
  readonly name: string;
  readonly target: Target;
  readonly sql: (run: number) => string;
}

const DASHBOARD: Target = { p95Ms: 10, ratio: 1.5 };
const ANALYSIS: Target = { p95Ms: 300 };
const PARCEL: Target = { p95Ms: 5 };
/** Whatever the range: what a person waits for without wondering. */
const ANY_RANGE: Target = { p95Ms: 1_000 };
/** It runs the original's own queries on a database of its own, which is as large as a file that somebody imports. */
const BATCH_PAGE = 'entregas-lote';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Every dashboard over every range; the real-time one over an hour, which is read again every five seconds, has a bar of its own. */
function pageQueries(now: Date, parcels: number): MeasuredQuery[] {
  return Object.entries(RANGES).flatMap(([range, rangeMs]) =>
    DASHBOARDS.filter(({ uid }) => uid !== BATCH_PAGE).flatMap(({ uid }) => {
      const ofRun = (run: number) =>
        dashboardQueries(uid, { toMs: now.getTime(), rangeMs }, String(parcelOf(run, parcels)));
      const target = uid === 'entregas-tempo-real' && range === '1 h' ? DASHBOARD : ANY_RANGE;
      return ofRun(0).map(({ name }, n) => ({
        name: `${name}, ${range}`,
        target,
        sql: (run: number) => ofRun(run)[n]?.sql ?? '',
      }));
    }),
  );
}

/** The views and functions as a panel would use them. Literals, not parameters: Grafana's macros give literals. */
function viewQueries(now: Date): MeasuredQuery[] {
  const at = (msAgo: number) => `'${new Date(now.getTime() - msAgo).toISOString()}'::timestamptz`;
  const range = (days: number) => `${at(days * DAY_MS)}, ${at(0)}`;
  // The middle of an hour, 100 days ago: half an hour of events is taken back.
  const past = `'${new Date(Math.floor((now.getTime() - 100 * DAY_MS) / HOUR_MS) * HOUR_MS + HOUR_MS / 2).toISOString()}'::timestamptz`;
  const all: Readonly<Record<string, string>> = {
    indicadores_entrega: 'SELECT * FROM indicadores_entrega',
    indicadores_abertos: 'SELECT * FROM indicadores_abertos',
    taxas_de_desfecho: 'SELECT * FROM taxas_de_desfecho',
    'entregas_no_periodo, 24 h': `SELECT * FROM entregas_no_periodo(${range(1)})`,
    'entregas_no_periodo, 30 d': `SELECT * FROM entregas_no_periodo(${range(30)})`,
    'entregas_por_passo, 30 d, 1 d': `SELECT * FROM entregas_por_passo(${range(30)}, '1 day')`,
    'entregas_por_rota, 24 h': `SELECT * FROM entregas_por_rota(${range(1)})`,
    'entregas_por_rota, 30 d': `SELECT * FROM entregas_por_rota(${range(30)})`,
    'coortes_no_periodo, 30 d': `SELECT * FROM coortes_no_periodo(${range(30)})`,
    'permanencia_no_periodo, 30 d': `SELECT * FROM permanencia_no_periodo(${range(30)})`,
    'atraso_no_periodo, 24 h': `SELECT * FROM atraso_no_periodo(${range(1)})`,
    'atraso_no_periodo, 30 d': `SELECT * FROM atraso_no_periodo(${range(30)})`,
    'status_em, now': `SELECT * FROM status_em(${at(0)})`,
    'status_em, past mid-hour': `SELECT * FROM status_em(${past})`,
    'historico_de_status, 30 d, 6 h': `SELECT * FROM historico_de_status(${range(30)}, '6 hours')`,
    'pacotes_em_risco, count': 'SELECT count(*) FROM pacotes_em_risco',
    'pacotes_parados, count': 'SELECT count(*) FROM pacotes_parados',
    limites_das_rotas: 'SELECT * FROM limites_das_rotas',
    frescor: 'SELECT * FROM frescor',
    'ingestao_no_periodo, 24 h': `SELECT * FROM ingestao_no_periodo(${range(1)})`,
    rejeitados_por_motivo: 'SELECT * FROM rejeitados_por_motivo',
    ...placeQueries(at, past),
    ...operationQueries(range),
    ...rangeQueries(range),
  };
  return Object.entries(all).map(([name, sql]) => ({ name, target: ANALYSIS, sql: () => sql }));
}

type At = (msAgo: number) => string;

/** What a dashboard's variables restrict: everything, a city, a lane. */
const PLACES: Readonly<Record<string, string>> = {
  all: `'{}', '{}'`,
  city: `'{Cidade 3}', '{}'`,
  lane: `'{Cidade 3}', '{Cidade 4}'`,
};

function placeQueries(at: At, past: string): Record<string, string> {
  const entries = Object.entries(PLACES).flatMap(([name, places]): [string, string][] => [
    [`status_em, ${name}, now`, `SELECT * FROM status_em(${at(0)}, ${places})`],
    [`status_em, ${name}, past`, `SELECT * FROM status_em(${past}, ${places})`],
    [`indicadores_em, ${name}, now`, `SELECT * FROM indicadores_em(${at(0)}, ${places})`],
    [`indicadores_em, ${name}, past`, `SELECT * FROM indicadores_em(${past}, ${places})`],
  ]);
  return {
    ...Object.fromEntries(entries),
    origens: 'SELECT * FROM origens',
    destinos: 'SELECT * FROM destinos',
  };
}

/** What a control room looks at all day, besides what its dashboard asks for. */
function operationQueries(range: (days: number) => string): Record<string, string> {
  const lists = ['prometidos_hoje', 'atrasados_parados', 'esquecidos', 'tentativa_falhou', 'quebras_amanha'];
  const end = range(1).split(', ')[1] ?? '';
  return {
    tamanho_total: 'SELECT * FROM tamanho_total',
    ...Object.fromEntries(
      lists.map((list) => [`lista_da_torre, ${list}`, `SELECT * FROM lista_da_torre('${list}', 200)`]),
    ),
    'mudanca_no_prazo, 1 d': `SELECT * FROM mudanca_no_prazo(${end}, '1 day')`,
    'mudanca_no_prazo, 7 d': `SELECT * FROM mudanca_no_prazo(${end}, '7 days')`,
    'mudanca_total, 7 d': `SELECT * FROM mudanca_total(${end}, '7 days')`,
    'pacotes_em_risco, first 200': 'SELECT * FROM pacotes_em_risco ORDER BY idade_segundos DESC LIMIT 200',
    'pacotes_parados, first 200': 'SELECT * FROM pacotes_parados ORDER BY parado_segundos DESC LIMIT 200',
    cartas_do_pacote: 'SELECT * FROM cartas_do_pacote(5)',
  };
}

/** The newest events of what the dashboard's variables restrict; the dashboards' own queries ask for everything. */
function rangeQueries(range: (days: number) => string): Record<string, string> {
  const entries = Object.entries(RANGES).flatMap(([name, rangeMs]) => [
    ...Object.entries(PLACES).map(([places, lists]) => [
      `ultimos_eventos, ${name}, ${places}`,
      `SELECT * FROM ultimos_eventos(${range(rangeMs / DAY_MS)}, ${lists}, '{}', 50)`,
    ]),
    [
      `ultimos_eventos, ${name}, a status that no event has`,
      `SELECT * FROM ultimos_eventos(${range(rangeMs / DAY_MS)}, '{}', '{}', '{ROUBADO}', 50)`,
    ],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** One parcel's page. */
function parcelQueries(parcels: number): MeasuredQuery[] {
  return ['passos_do_pacote', 'resumo_do_pacote'].map((name) => ({
    name,
    target: PARCEL,
    sql: (run) => `SELECT * FROM ${name}(${parcelOf(run, parcels)})`,
  }));
}

/** Any step that has no factor in common with the usual sizes visits parcels all over the year. */
function parcelOf(run: number, parcels: number): number {
  return FIRST_ID + (((run + 1) * 7_654_321) % parcels);
}

/** Everything that is measured at a size. */
export function measuredQueries(now: Date, parcels: number): MeasuredQuery[] {
  return [...pageQueries(now, parcels), ...viewQueries(now), ...parcelQueries(parcels)];
}

/** The same as plain texts. */
export function queryTexts(now: Date, parcels: number): Query[] {
  return measuredQueries(now, parcels).map(({ name, sql }) => ({ name, sql: sql(0) }));
}
