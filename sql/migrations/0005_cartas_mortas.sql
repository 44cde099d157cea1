-- Up Migration

-- A rejected message is settled in one of two ways: it was sent again (reprocessado_em), or a person decided that it is
-- worthless (aceito_em). Until then it is open. npm run dlq sets both.
ALTER TABLE eventos_rejeitados
  ADD COLUMN aceito_em timestamptz,
  ADD COLUMN nota      text;

COMMENT ON COLUMN eventos_rejeitados.reprocessado_em IS 'When it was last sent to Kafka again, corrected or as it was.';
COMMENT ON COLUMN eventos_rejeitados.aceito_em IS 'When a person decided that it needs no replay.';
COMMENT ON COLUMN eventos_rejeitados.nota IS 'Why, in the words of whoever settled it.';

-- Few of very many are open once somebody looks after them.
CREATE INDEX eventos_rejeitados_abertos ON eventos_rejeitados (motivo, rejeitado_em DESC)
  WHERE reprocessado_em IS NULL AND aceito_em IS NULL;

-- A replayed event that is rejected again names the message it came of in this header.
-- A hash: the header is whatever a stranger sends, and a text too long for a B-tree would refuse the row.
CREATE INDEX eventos_rejeitados_reprocessado_de ON eventos_rejeitados USING hash ((cabecalhos->>'rastreio.reprocessado_de'))
  WHERE cabecalhos ? 'rastreio.reprocessado_de';

CREATE VIEW rejeitados_por_motivo AS
SELECT
  motivo,
  campo,
  CASE WHEN reprocessado_em IS NOT NULL THEN 'reprocessado' WHEN aceito_em IS NOT NULL THEN 'aceito' ELSE 'aberto' END AS estado,
  count(*) AS total,
  min(rejeitado_em) AS primeiro,
  max(rejeitado_em) AS ultimo
FROM eventos_rejeitados
GROUP BY 1, 2, 3;

COMMENT ON VIEW rejeitados_por_motivo IS
  'Rejected messages by reason, field and state: aberto (open), reprocessado (sent again), aceito (settled without).';

GRANT SELECT ON rejeitados_por_motivo TO rastreio_writer, grafana_reader;
