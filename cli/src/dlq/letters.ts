import type { ClientBase } from 'pg';
import { formatPlace, type Place } from './place';
import { NEXT_PARAMETER, PLACE_COLUMNS, STATES, toCondition, type Selection, type State } from './selection';

/** A dead letter without its bytes. */
export interface LetterSummary extends Place {
  readonly motivo: string;
  readonly campo: string | null;
  readonly detalhe: string;
  readonly rejeitado_em: Date;
  readonly estado: State;
}

export interface DeadLetter extends LetterSummary {
  readonly chave: Buffer | null;
  readonly valor: Buffer | null;
  readonly cabecalhos: Readonly<Record<string, string>>;
  readonly recebido_em: Date;
  readonly reprocessado_em: Date | null;
  readonly aceito_em: Date | null;
  readonly nota: string | null;
}

export interface ReasonCount {
  readonly motivo: string;
  readonly campo: string | null;
  readonly estado: State;
  readonly total: number;
  readonly primeiro: Date;
  readonly ultimo: Date;
}

type Queryable = Pick<ClientBase, 'query'>;

/** Names the message that a replayed event came of, as `topic:partition:offset`. */
export const HEADER_REPLAY_OF = 'rastreio.reprocessado_de';

const STATE = `CASE WHEN ${STATES.replayed} THEN 'replayed' WHEN ${STATES.accepted} THEN 'accepted' ELSE 'open' END`;
const SUMMARY = `${PLACE_COLUMNS}, motivo, campo, detalhe, rejeitado_em, ${STATE} AS estado`;
/** The columns of a {@link DeadLetter}. */
export const LETTER = `${SUMMARY}, chave, valor, cabecalhos, recebido_em, reprocessado_em, aceito_em, nota`;

/** The newest dead letters of a selection. */
export async function listLetters(
  db: Queryable,
  selection: Selection,
  limit: number,
): Promise<LetterSummary[]> {
  const { sql, parameters } = toCondition(selection);
  const { rows } = await db.query<LetterSummary>(
    `SELECT ${SUMMARY} FROM eventos_rejeitados WHERE ${sql}
     ORDER BY rejeitado_em DESC, topico, particao, deslocamento DESC, vida DESC LIMIT $${NEXT_PARAMETER}`,
    [...parameters, limit],
  );
  return rows;
}

/** Counts of a selection by reason, field and state, the largest first. */
export async function countByReason(db: Queryable, selection: Selection): Promise<ReasonCount[]> {
  const { sql, parameters } = toCondition(selection);
  const { rows } = await db.query<ReasonCount>(
    `SELECT motivo, campo, ${STATE} AS estado, count(*)::float8 AS total,
            min(rejeitado_em) AS primeiro, max(rejeitado_em) AS ultimo
     FROM eventos_rejeitados WHERE ${sql}
     GROUP BY 1, 2, 3 ORDER BY total DESC, 1, 2, 3`,
    [...parameters],
  );
  return rows;
}

/** One dead letter whole; null if there is none at that place. */
export async function findLetter(
  db: Queryable,
  { topico, particao, deslocamento, vida }: Place,
): Promise<DeadLetter | null> {
  const { rows } = await db.query<DeadLetter>(
    `SELECT ${LETTER} FROM eventos_rejeitados WHERE (${PLACE_COLUMNS}) = ($1, $2, $3, $4)`,
    [topico, particao, deslocamento, vida],
  );
  return rows[0] ?? null;
}

/** The dead letters that replays of this one became, because they were rejected again. */
export async function findRejectedReplays(db: Queryable, place: Place): Promise<LetterSummary[]> {
  const { rows } = await db.query<LetterSummary>(
    `SELECT ${SUMMARY} FROM eventos_rejeitados
     WHERE cabecalhos ? '${HEADER_REPLAY_OF}' AND cabecalhos->>'${HEADER_REPLAY_OF}' = $1
     ORDER BY rejeitado_em`,
    [formatPlace(place)],
  );
  return rows;
}
