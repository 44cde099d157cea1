import { rebuildTables } from '@rastreio/database';
import type { Client } from 'pg';

const STATUSES = [
  ...['POSTADO', 'EM TRÂNSITO', 'EM TRÂNSITO', 'EM TRÂNSITO', 'EM TRÂNSITO', 'EM TRÂNSITO'],
  ...['EM ROTA DE ENTREGA', 'ENTREGUE'],
];

export const FIRST_DAY = '2026-01-01T00:00:00Z';
/** First events lie in this many days; the last ones up to ten days later. */
export const POSTING_DAYS = 50;

/**
 * Packages with eight events each over 60 days, made by the database: the same each time. Events in the order of time, as they come
 * from carriers; packages from the definition; what consecutive events add up to by the same way as `npm run db:rebuild`.
 */
export async function fill(client: Client, databaseUrl: string, packages: number): Promise<void> {
  await client.query('SELECT setseed(0.42)');
  await client.query(
    `INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em)
     SELECT id, em, ($1::text[])[n], date_trunc('milliseconds', em + random() * interval '5 minutes')
     FROM (
       SELECT id, n, date_trunc('second', inicio + (n - 1 + 0.8 * random()) * passo) AS em
       FROM (
         SELECT id, $2::timestamptz + random() * make_interval(days => $3) AS inicio, interval '6 hours' + random() * interval '1 day' AS passo
         FROM generate_series(1, $4::int) AS id
       ) AS p, generate_series(1, 8) AS n
     ) AS e
     ORDER BY em`,
    [STATUSES, FIRST_DAY, POSTING_DAYS, packages],
  );
  await client.query(
    `INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio, data_entrega, data_tentativa)
     SELECT id_pacote, 'Hub ' || id_pacote % 27, 'Hub ' || id_pacote / 27 % 27, status_atual, data_status, ordem_status, data_inicio,
            data_entrega, data_tentativa
     FROM conferencia.pacotes`,
  );
  await rebuildTables(databaseUrl);
  await client.query('VACUUM ANALYZE pacotes');
}
