-- Carriers' words for statuses are data, and so are statuses beyond those that are shipped (docs/decisions/0026).

CREATE TABLE apelidos_status (
  transportadora text        NOT NULL CHECK (char_length(transportadora) <= 64),
  tipo           text        NOT NULL CHECK (tipo IN ('texto', 'codigo')),
  palavra        text        NOT NULL CHECK (char_length(palavra) BETWEEN 1 AND 100),
  status         text        REFERENCES catalogo_status (status),
  provisorio     text        CHECK (provisorio IS NULL OR status IS NULL),
  criado_em      timestamptz NOT NULL DEFAULT now(),
  criado_por     text        NOT NULL DEFAULT session_user,
  aplicado_em    timestamptz,
  PRIMARY KEY (transportadora, tipo, palavra),
  -- One carrier's 01 is another one's 10.
  CHECK (tipo = 'texto' OR transportadora <> '')
);
COMMENT ON TABLE apelidos_status IS
  'Which status of the catalogue a carrier''s word means. Edited by rastreio status, which also corrects what is stored; writers read it when versao_palavras moves.';
COMMENT ON COLUMN apelidos_status.transportadora IS 'As events have it, without case and accents; empty: whatever the carrier.';
COMMENT ON COLUMN apelidos_status.tipo IS 'codigo: the word is codigo_evento of an event; texto: its status.';
COMMENT ON COLUMN apelidos_status.palavra IS 'The word without case and accents.';
COMMENT ON COLUMN apelidos_status.status IS 'Null: the word means nothing any more (or provisorio), and what is stored is being put back.';
COMMENT ON COLUMN apelidos_status.provisorio IS 'Where events with this status wait while the catalogue learns it.';
COMMENT ON COLUMN apelidos_status.aplicado_em IS 'Since when all that is stored goes by it; null: the command that wrote it has not finished, run it again.';

ALTER TABLE versao_do_esquema ADD COLUMN versao_palavras bigint NOT NULL DEFAULT 0;
COMMENT ON TABLE versao_do_esquema IS 'One row: the oldest generation of the writer that may write to this schema, and which words writers must know.';
COMMENT ON COLUMN versao_do_esquema.versao_palavras IS 'Moves with each change of catalogo_status and apelidos_status, while no batch is under way.';

-- pacotes.aberto and ordem_final go by the rank.
ALTER TABLE catalogo_status ADD CONSTRAINT final_pela_ordem CHECK (ordem > 0 AND terminal = (ordem >= 60));
COMMENT ON TABLE catalogo_status IS
  'Statuses with their rank among events of one instant: those of packages/contract/statuses.json (db:migrate) and those that rastreio status add added.';

ALTER TABLE correcoes ADD COLUMN detalhes jsonb;
COMMENT ON COLUMN correcoes.detalhes IS 'By which words it named its event, as in eventos_rastreamento.detalhes: transportadora, codigo_evento, palavra; null: nothing.';
COMMENT ON COLUMN eventos_rastreamento.detalhes IS
  'What the event says beside the other columns: local, codigo_evento, descricao, servico, transportadora, prazo, and its origem and destino where they are not those of pacotes; palavra: its status in the carrier''s word, where that is another one; relatos: the reports that it is made of, where their words are several. Null: nothing.';

GRANT SELECT ON apelidos_status TO rastreio_writer, grafana_reader;

-- An older writer knows no words.
SELECT exige_escritor(6);
