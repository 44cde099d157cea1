import type { ClientBase } from 'pg';
import type { History } from './history';
import type { By } from './timeline';

export interface Difference {
  readonly what: string;
  readonly source: number;
  readonly copy: number;
}

/** Where a scratch database to which the whole history was written is not what the source was. */
export async function compare(
  owner: ClientBase,
  history: History,
  { by, withEvents }: { readonly by: By; readonly withEvents: boolean },
): Promise<readonly Difference[]> {
  const expected = new Map<string, number>([['rejected messages', history.rejected.length]]);
  const queries = [`SELECT 'rejected messages' AS what, count(*) AS total FROM eventos_rejeitados`];
  if (by === 'received') {
    for (const { topic, inserted } of history.accounts)
      expected.set(`inserted of ${topic}`, (expected.get(`inserted of ${topic}`) ?? 0) + inserted);
    queries.push(`SELECT 'inserted of ' || topico, sum(inseridos) FROM ingestao GROUP BY topico`);
  }
  if (withEvents) {
    expected.set('events', history.events.length);
    for (const [status, total] of Object.entries(history.parcels)) expected.set(`parcels ${status}`, total);
    queries.push(
      `SELECT 'events', count(*) FROM eventos_rastreamento`,
      `SELECT 'parcels ' || status_atual, count(*) FROM pacotes GROUP BY status_atual`,
    );
  }
  const { rows } = await owner.query<{ what: string; total: string }>(queries.join(' UNION ALL '));
  const found = new Map(rows.map(({ what, total }) => [what, Number(total)]));
  return [...new Set([...expected.keys(), ...found.keys()])]
    .map((what) => ({ what, source: expected.get(what) ?? 0, copy: found.get(what) ?? 0 }))
    .filter(({ source, copy }) => source !== copy);
}
