WITH ultimo_evento AS (
    SELECT
        id_pacote,
        status_rastreamento,
        ROW_NUMBER() OVER(PARTITION BY id_pacote ORDER BY data_evento DESC) as rn
    FROM eventos_rastreamento
)
SELECT
    status_rastreamento,
    COUNT(id_pacote) AS total_pacotes
FROM ultimo_evento
WHERE rn = 1
GROUP BY status_rastreamento;
