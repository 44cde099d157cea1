/** Queries to start from. Code, not interface: the same in every language. */
export const EXAMPLE_QUERIES = {
  statuses: `SELECT status_atual AS status_rastreamento,
       COUNT(*) AS total_pacotes
FROM pacotes
GROUP BY status_atual;`,
  kpis: `SELECT AVG(EXTRACT(EPOCH FROM
             data_entrega - data_inicio))
         AS tempo_medio_segundos,
       COUNT(*) AS total_pacotes
FROM pacotes;`,
  previous: `-- Query B: the same columns for the period before.
SELECT COUNT(*) AS total_pacotes
FROM pacotes
WHERE data_inicio >= $__timeFrom()::timestamptz
        - ($__timeTo()::timestamptz - $__timeFrom()::timestamptz)
  AND data_inicio < $__timeFrom()::timestamptz;`,
} as const;
