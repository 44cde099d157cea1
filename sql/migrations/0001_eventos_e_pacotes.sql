-- Up Migration

-- Every accepted event, once. The key is the seed's plus the status: carriers' clocks often have minute resolution,
-- and the seed's key silently dropped the second status of a minute. No further index on id_pacote: the key's prefix serves.
CREATE TABLE pacotes (
  id_pacote     bigint      PRIMARY KEY CHECK (id_pacote > 0),
  -- Places of the earliest event (ties by text), so that they do not depend on the order of arrival.
  origem        text        NOT NULL CHECK (char_length(origem) BETWEEN 1 AND 255),
  destino       text        NOT NULL CHECK (char_length(destino) BETWEEN 1 AND 255),
  data_criacao  timestamptz NOT NULL DEFAULT now(),
  -- Current state: the event with the greatest (data_evento, ordem, status). Only ever merged, see docs/architecture.md.
  status_atual  text        NOT NULL,
  data_status   timestamptz NOT NULL,
  ordem_status  smallint    NOT NULL,
  data_inicio   timestamptz NOT NULL,
  data_entrega  timestamptz
) WITH (fillfactor = 70); -- room for HOT updates: a package's row changes with each of its events

COMMENT ON TABLE pacotes IS 'One row per package: its lane and its current state.';
COMMENT ON COLUMN pacotes.data_inicio IS 'Instant of the earliest event.';
COMMENT ON COLUMN pacotes.data_entrega IS 'Instant of the latest ENTREGUE, null while not delivered.';

CREATE INDEX pacotes_data_entrega ON pacotes (data_entrega) WHERE data_entrega IS NOT NULL;

CREATE TABLE eventos_rastreamento (
  id_pacote           bigint      NOT NULL,
  data_evento         timestamptz NOT NULL,
  status_rastreamento text        NOT NULL CHECK (char_length(status_rastreamento) BETWEEN 1 AND 100),
  recebido_em         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT eventos_rastreamento_pkey PRIMARY KEY (id_pacote, data_evento, status_rastreamento)
  -- No foreign key to pacotes: docs/decisions/0001. The writer puts both rows into one transaction.
);

COMMENT ON TABLE eventos_rastreamento IS 'Every accepted tracking event, once.';
COMMENT ON COLUMN eventos_rastreamento.recebido_em IS 'When Kafka got the event; minus data_evento it is the ingest delay.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    PERFORM create_hypertable(
      'eventos_rastreamento',
      by_range('data_evento', coalesce(nullif(current_setting('rastreio.chunk_interval', true), ''), '7 days')::interval),
      -- The default index on data_evento stays: time-range panels and freshness read it.
      create_default_indexes => true);
  ELSE
    CREATE INDEX eventos_rastreamento_data_evento_idx ON eventos_rastreamento (data_evento DESC);
  END IF;
END
$$;

-- A rejected message is kept whole, by its place in Kafka, so that nothing is lost and a replay changes nothing.
CREATE TABLE eventos_rejeitados (
  topico          text        NOT NULL,
  particao        integer     NOT NULL,
  deslocamento    bigint      NOT NULL,
  chave           bytea,
  valor           bytea,
  cabecalhos      jsonb       NOT NULL DEFAULT '{}',
  motivo          text        NOT NULL,
  campo           text,
  detalhe         text        NOT NULL,
  recebido_em     timestamptz NOT NULL,
  rejeitado_em    timestamptz NOT NULL DEFAULT now(),
  reprocessado_em timestamptz,
  PRIMARY KEY (topico, particao, deslocamento)
);

COMMENT ON TABLE eventos_rejeitados IS 'Messages that are no valid event, with their original bytes and the reason.';
CREATE INDEX eventos_rejeitados_rejeitado_em ON eventos_rejeitados (rejeitado_em DESC);

-- Mirror of STATUS_CATALOGUE in packages/contract; a test compares them.
CREATE TABLE catalogo_status (
  status         text     PRIMARY KEY,
  ordem          smallint NOT NULL UNIQUE,
  terminal       boolean  NOT NULL,
  cor            text     NOT NULL UNIQUE CHECK (cor ~ '^#[0-9A-F]{6}$'),
  rotulo_en      text     NOT NULL,
  estado_publico text     NOT NULL
);

INSERT INTO catalogo_status (status, ordem, terminal, cor, rotulo_en, estado_publico) VALUES
  ('POSTADO',              10, false, '#369DDB', 'Posted',                  'InfoReceived'),
  ('EM TRÂNSITO',          20, false, '#3A63C4', 'In transit',              'InTransit'),
  ('EM ROTA DE ENTREGA',   30, false, '#E17A09', 'Out for delivery',        'OutForDelivery'),
  ('TENTATIVA DE ENTREGA', 40, false, '#7A6A14', 'Delivery attempt failed', 'AttemptFail'),
  ('AGUARDANDO RETIRADA',  50, false, '#9564FD', 'Available for pickup',    'AvailableForPickup'),
  ('CANCELADO',            60, true,  '#9194A2', 'Cancelled',               'Exception'),
  ('EXTRAVIADO',           70, true,  '#F1114D', 'Lost',                    'Exception'),
  ('DEVOLVIDO',            80, true,  '#AC3692', 'Returned to sender',      'Exception'),
  ('ENTREGUE',             90, true,  '#08906A', 'Delivered',               'Delivered');
