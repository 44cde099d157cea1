import { STATUS_DELIVERED } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import QueryStream from 'pg-query-stream';
import { CLOSING_CODE, type OpenParcel, type StoredClosing } from './closing';

const ROWS_AT_ONCE = 1_000;

const instantText = (sql: string) => `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// The closing has the instant of the parcel's latest event, where a final status wins over an open one by its rank, so that every later event wins
// over it. It is behind the parcel's corrections "anterior", which else would take it back in place of what they took, and not before what
// db:retain has removed. A closing that was taken back stays so: the next one is a microsecond later.
const OPEN_PARCELS = `
  SELECT p.id_pacote::float8 AS id, p.status_atual AS status, ${instantText('greatest(p.data_status, p.outra_data)')} AS latest, ${instantText('i.instante')} AS instant,
         CASE WHEN NOT l.calado THEN p.origem END AS origem, CASE WHEN NOT l.calado THEN p.destino END AS destino,
         c.transportadora, coalesce(c.codigo, e.codigo) AS codigo
  FROM pacotes p
  CROSS JOIN retencao r
  CROSS JOIN LATERAL (
    SELECT greatest(p.data_status, p.outra_data, (
      SELECT max(k.data_evento) + interval '1 microsecond' FROM correcoes k WHERE k.id_pacote = p.id_pacote AND k.alvo = 'anterior')) AS ultimo
  ) AS u
  CROSS JOIN LATERAL (SELECT coalesce(p.data_origem = 'infinity' OR p.data_destino = 'infinity', false) AS calado) AS l
  CROSS JOIN LATERAL (SELECT greatest(u.ultimo, r.horizonte) AS desde) AS d
  CROSS JOIN LATERAL (
    SELECT min(v.instante) AS instante
    FROM (
      SELECT d.desde
      UNION ALL
      SELECT k.data_evento + interval '1 microsecond' FROM correcoes k
      WHERE (k.id_pacote, k.status_rastreamento, k.alvo) = (p.id_pacote, $2, 'mesmo') AND k.data_evento >= d.desde
    ) AS v (instante)
    WHERE NOT EXISTS (
      SELECT FROM correcoes k
      WHERE (k.id_pacote, k.data_evento, k.status_rastreamento, k.alvo) = (p.id_pacote, v.instante, $2, 'mesmo'))
  ) AS i
  LEFT JOIN LATERAL (
    SELECT transportadora, codigo FROM codigos c
    WHERE c.id_pacote = p.id_pacote AND (p.id_pacote < 0 OR l.calado) ORDER BY 1, 2 LIMIT 1
  ) AS c ON true
  LEFT JOIN LATERAL (
    SELECT e.detalhes->>'codigo' AS codigo FROM eventos_rastreamento e
    WHERE e.id_pacote = p.id_pacote AND p.id_pacote > 0 AND l.calado AND c.codigo IS NULL
      AND e.data_evento BETWEEN p.data_inicio AND u.ultimo AND e.detalhes ? 'codigo'
    LIMIT 1
  ) AS e ON true
  WHERE p.aberto AND u.ultimo < $1 AND ($3::text IS NULL OR p.transportadora = $3)`;

// What is from before the horizon cannot be taken back any more.
const CLOSINGS = `
  SELECT e.id_pacote::float8 AS id, e.status_rastreamento AS status, ${instantText('e.data_evento')} AS instant,
         e.detalhes->>'origem' AS origem, e.detalhes->>'destino' AS destino, e.detalhes->>'descricao' AS reason,
         c.transportadora, coalesce(c.codigo, e.detalhes->>'codigo') AS codigo
  FROM eventos_rastreamento e
  JOIN pacotes p USING (id_pacote)
  LEFT JOIN LATERAL (
    -- A closing that was named by its tracking number says no places, also where its parcel has its sender's number by now.
    SELECT transportadora, codigo FROM codigos c
    WHERE c.id_pacote = e.id_pacote AND (e.id_pacote < 0 OR NOT e.detalhes ?& ARRAY['origem', 'destino']) ORDER BY 1, 2 LIMIT 1
  ) AS c ON true
  WHERE e.detalhes->>'codigo_evento' = '${CLOSING_CODE}' AND e.data_evento >= (SELECT horizonte FROM retencao)
    AND ($1::text IS NULL OR e.detalhes->>'descricao' = $1)
    AND ($2::timestamptz IS NULL OR e.recebido_em >= $2)
    AND ($3::text IS NULL OR p.transportadora = $3)`;

const FINAL_STATUSES = 'SELECT status FROM catalogo_status WHERE terminal AND status <> $1 ORDER BY ordem';

export interface OpenSelection {
  /** Parcels whose latest event or correction is from before this instant. */
  readonly before: string;
  /** What they are to be closed as. */
  readonly status: string;
  /** Folded as the contract does it; undefined: of any carrier or none. */
  readonly carrier?: string | undefined;
}

export interface ClosedSelection {
  readonly reason?: string | undefined;
  /** Closings that the consumers received since then. */
  readonly since?: string | undefined;
  readonly carrier?: string | undefined;
}

/** The open parcels of which nothing was heard for so long, in constant memory: one scan of `pacotes`. */
export function openParcels(
  client: ClientBase,
  { before, status, carrier }: OpenSelection,
): AsyncIterable<OpenParcel> {
  return stream(client, OPEN_PARCELS, [before, status, carrier ?? null]);
}

/** The events that closed parcels and count, in constant memory: one scan of all events. */
export function storedClosings(
  client: ClientBase,
  { reason, since, carrier }: ClosedSelection,
): AsyncIterable<StoredClosing> {
  return stream(client, CLOSINGS, [reason ?? null, since ?? null, carrier ?? null]);
}

/** @throws OperatorError (usage) that lists the statuses that parcels can be closed as, when this is none of them */
export async function assertClosable(client: ClientBase, status: string): Promise<void> {
  const { rows } = await client.query<{ status: string }>(FINAL_STATUSES, [STATUS_DELIVERED]);
  const names = rows.map((row) => row.status);
  if (names.includes(status)) return;
  const why =
    status === STATUS_DELIVERED
      ? 'would count deliveries that nobody reported'
      : 'is no final status of the catalogue, so that parcels would stay open';
  throw new OperatorError(
    `--status ${status} ${why}; use one of ${names.join(', ')}, or add one of your own (docs/operations.md, "Statuses")`,
    EXIT.usage,
  );
}

function stream<Row>(
  client: ClientBase,
  sql: string,
  parameters: readonly (string | null)[],
): AsyncIterable<Row> {
  return client.query(new QueryStream(sql, [...parameters], { batchSize: ROWS_AT_ONCE }));
}
