-- Events that a carrier takes back (docs/decisions/0024): what was said to be taken back, and the events that are.

CREATE TABLE correcoes (
  id_pacote           bigint      NOT NULL,
  data_evento         timestamptz NOT NULL,
  status_rastreamento text        NOT NULL CHECK (char_length(status_rastreamento) BETWEEN 1 AND 100),
  alvo                text        NOT NULL CHECK (alvo IN ('mesmo', 'anterior')),
  recebido_em         timestamptz NOT NULL,
  PRIMARY KEY (id_pacote, data_evento, status_rastreamento, alvo)
);
COMMENT ON TABLE correcoes IS 'Every message that takes an event back, once. It may come before its event.';
COMMENT ON COLUMN correcoes.alvo IS
  'mesmo: takes back the event of the same package, instant and status. anterior: the package''s latest event that is left and not after its own instant.';

CREATE TABLE eventos_corrigidos (
  id_pacote           bigint      NOT NULL,
  data_evento         timestamptz NOT NULL,
  status_rastreamento text        NOT NULL,
  recebido_em         timestamptz NOT NULL,
  detalhes            jsonb       NOT NULL,
  corrigido_em        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id_pacote, data_evento, status_rastreamento)
);
COMMENT ON TABLE eventos_corrigidos IS
  'Events that are taken back, whole: no figure counts them, and each comes back when a later message shows that another one was meant.';
COMMENT ON COLUMN eventos_corrigidos.detalhes IS 'As in eventos_rastreamento, with the places that the event says in any case.';
COMMENT ON COLUMN eventos_corrigidos.corrigido_em IS 'When it was taken back.';
CREATE INDEX eventos_corrigidos_corrigido_em ON eventos_corrigidos (corrigido_em DESC);

-- What was counted as inserted and is neither an event that counts, nor one that is taken back, nor a correction any more.
ALTER TABLE retencao ADD COLUMN fora_da_conta bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN retencao.fora_da_conta IS
  'Messages that are in the accounting as inserted and of which nothing is left: taken back, or corrections, and removed with old events; or exchanged for others (then less those).';

GRANT SELECT ON correcoes TO rastreio_writer;
GRANT SELECT ON correcoes, eventos_corrigidos TO grafana_reader;
