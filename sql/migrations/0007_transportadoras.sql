-- What carriers say beside the original's five fields: parcels that are named by carrier and tracking number, what an event says in detail,
-- promises of single parcels, places that nobody has said (yet), and events that are taken back (docs/decisions/0023).

-- A parcel that is named by carrier and tracking number gets its number here. Numbers that senders give are positive, so those given here
-- are negative, and no two of them can be one.
CREATE SEQUENCE numeros_dados AS bigint INCREMENT BY -1 MAXVALUE -1 MINVALUE -9007199254740991 START WITH -1;
CREATE TABLE codigos (
  transportadora text   NOT NULL CHECK (char_length(transportadora) BETWEEN 1 AND 64),
  codigo         text   NOT NULL CHECK (char_length(codigo) BETWEEN 1 AND 64),
  id_pacote      bigint NOT NULL,
  PRIMARY KEY (transportadora, codigo)
);
CREATE INDEX codigos_id_pacote ON codigos (id_pacote);
-- A sequence that was set back (it is not part of logical replication) is noticed instead of making two parcels one.
CREATE UNIQUE INDEX codigos_dados ON codigos (id_pacote) WHERE id_pacote < 0;
-- A tracking number is looked for without its carrier, too.
CREATE INDEX codigos_codigo ON codigos (codigo);
COMMENT ON TABLE codigos IS 'Which parcel a carrier''s tracking number names. Rows are only ever added.';
COMMENT ON COLUMN codigos.id_pacote IS 'Negative: given here, since no event said one.';

ALTER TABLE pacotes
  DROP CONSTRAINT pacotes_id_pacote_check,
  -- The rows that are there have met the stronger one.
  ADD CONSTRAINT pacotes_id_pacote_check CHECK (id_pacote <> 0) NOT VALID,
  ADD COLUMN data_origem         timestamptz,
  ADD COLUMN par_origem          text,
  ADD COLUMN data_destino        timestamptz,
  ADD COLUMN par_destino         text,
  ADD COLUMN transportadora      text,
  ADD COLUMN data_transportadora timestamptz,
  ADD COLUMN prazo_inicial       timestamptz,
  ADD COLUMN data_prazo_inicial  timestamptz,
  ADD COLUMN prazo_final         timestamptz,
  ADD COLUMN data_prazo_final    timestamptz;
COMMENT ON COLUMN pacotes.origem IS 'Of the earliest event that says it, ties by text; (não informado) where none does.';
COMMENT ON COLUMN pacotes.data_origem IS
  'Null: origem and destino are those of the event at data_inicio, as they nearly always are. Else the instant of the event that says origem, infinity where none does.';
COMMENT ON COLUMN pacotes.par_origem IS 'With data_origem: the destination that the event which says origem says, empty where it says none. Breaks ties.';
COMMENT ON COLUMN pacotes.data_destino IS 'As data_origem, of destino.';
COMMENT ON COLUMN pacotes.par_destino IS 'As par_origem: the origin that the event which says destino says.';
COMMENT ON COLUMN pacotes.transportadora IS 'Of the earliest event that says it, null where none does.';
COMMENT ON COLUMN pacotes.prazo_inicial IS 'The promise of the earliest event that says one.';
COMMENT ON COLUMN pacotes.prazo_final IS 'The promise of the latest event that says one.';

-- What an event says of a package's places. Compared in this order, the texts by code points; infinity: none says the place.
CREATE TYPE dito AS (data timestamptz, origem text COLLATE "C", destino text COLLATE "C");
CREATE TYPE lugares AS (
  origem text, destino text, data_origem timestamptz, par_origem text, data_destino timestamptz, par_destino text
);

-- With up to eight columns a row is no longer for one that is null.
ALTER TABLE eventos_rastreamento ADD COLUMN detalhes jsonb;
COMMENT ON COLUMN eventos_rastreamento.detalhes IS
  'What the event says beside the other columns: local, codigo_evento, descricao, servico, transportadora, prazo, and its origem and destino where they are not those of pacotes. Null: nothing.';

-- Where a partition of Kafka was read to belongs to the cluster it is of, also after a change to another cluster and back.
ALTER TABLE posicoes_lidas DROP CONSTRAINT posicoes_lidas_pkey, ADD PRIMARY KEY (topico, particao, cluster);

GRANT SELECT, INSERT ON codigos TO rastreio_writer;
GRANT USAGE ON SEQUENCE numeros_dados TO rastreio_writer;
GRANT SELECT ON codigos TO grafana_reader;

-- An older writer knows none of this.
SELECT exige_escritor(5);
