WITH entregas_finalizadas AS (
    SELECT
        id_pacote,
        MIN(data_evento) AS data_inicio,
        MAX(CASE WHEN status_rastreamento = 'ENTREGUE' THEN data_evento ELSE NULL END) AS data_entrega
    FROM
        eventos_rastreamento
    GROUP BY
        id_pacote
)
SELECT
    AVG(data_entrega - data_inicio) AS tempo_medio_de_entrega
FROM
    entregas_finalizadas
WHERE
    data_entrega IS NOT NULL;
