-- Everything that holds data, and what cannot be made anew while there are data. Views, functions and triggers are in sql/functions: they
-- are applied again whenever they change. docs/schema.md has a picture of the tables, docs/decisions/0012 says why there are two folders.

-- The roles are made by provisioning (packages/database/src/connect/provision.ts): they belong to the server, not to this database.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO rastreio_writer, grafana_reader;

CREATE SCHEMA conferencia;
COMMENT ON SCHEMA conferencia IS 'Plain definitions of the derived tables, for npm run db:verify and db:rebuild. They scan all events and packages.';

-- Settings of a database, said once when it is made.

-- The day of an instant where the operator works (--time-zone). Functions with the name written into them, since one that read a table could
-- not be IMMUTABLE, and days that are added up cannot be cut anew: so they are made here, and never again.
DO $$
DECLARE
  fuso CONSTANT text := coalesce(nullif(current_setting('rastreio.time_zone', true), ''), 'America/Sao_Paulo');
BEGIN
  PERFORM now() AT TIME ZONE fuso;
  EXECUTE format('CREATE FUNCTION fuso() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %L', fuso);
  EXECUTE format(
    'CREATE FUNCTION dia_local(instante timestamptz) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (instante AT TIME ZONE %L)::date',
    fuso);
  EXECUTE format(
    'CREATE FUNCTION inicio_do_dia(dia date) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN dia::timestamp AT TIME ZONE %L',
    fuso);
END
$$;

-- Which writers may still write. A migration after which older writers would write wrongly ends with
-- SELECT exige_escritor(n); n is WRITER_GENERATION of the code that knows the new schema (packages/database/src/schema/generation.ts).
-- Writers read the row in every transaction: an older one stops with exit code 78 instead of writing, and a migration without
-- that line is taken without a restart.
CREATE TABLE versao_do_esquema (
  unica           boolean PRIMARY KEY DEFAULT true CHECK (unica),
  escritor_minimo integer NOT NULL
);
INSERT INTO versao_do_esquema (escritor_minimo) VALUES (2);
COMMENT ON TABLE versao_do_esquema IS 'One row: the oldest generation of the writer that may write to this schema.';

-- Here and not in sql/functions, because migrations call it. Each batch holds 762002 shared. Taking it exclusively, until the transaction of
-- the migrations ends, means that no batch is under way while the schema changes and that the next one sees the new number.
CREATE FUNCTION exige_escritor(geracao integer) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(762002);
  UPDATE versao_do_esquema SET escritor_minimo = geracao;
$$;

-- Packages and their events.

CREATE TABLE pacotes (
  id_pacote      bigint      PRIMARY KEY CHECK (id_pacote > 0),
  -- Places of the earliest event (ties by text), so that they do not depend on the order of arrival.
  origem         text        NOT NULL CHECK (char_length(origem) BETWEEN 1 AND 255),
  destino        text        NOT NULL CHECK (char_length(destino) BETWEEN 1 AND 255),
  data_criacao   timestamptz NOT NULL DEFAULT now(),
  -- Current state: the event with the greatest (data_evento, ordem, status). Only ever merged, see docs/architecture.md.
  status_atual   text        NOT NULL,
  data_status    timestamptz NOT NULL,
  ordem_status   smallint    NOT NULL,
  data_inicio    timestamptz NOT NULL,
  data_entrega   timestamptz,
  data_tentativa timestamptz,
  -- By rank, since a generated column sees no other table: the catalogue's terminal statuses are those from 60 on (a test compares),
  -- and a status that the catalogue lacks (rank 0) counts as open. A column of its own, because an index whose predicate
  -- names ordem_status would forbid HOT updates at every change of status.
  aberto         boolean     NOT NULL GENERATED ALWAYS AS (ordem_status < 60) STORED
) WITH (fillfactor = 70); -- room for HOT updates: a package's row changes with each of its events
COMMENT ON TABLE pacotes IS 'One row per package: its lane and its current state.';
COMMENT ON COLUMN pacotes.data_inicio IS 'Instant of the earliest event.';
COMMENT ON COLUMN pacotes.data_entrega IS 'Instant of the latest ENTREGUE, null while not delivered.';
COMMENT ON COLUMN pacotes.data_tentativa IS 'Instant of the earliest TENTATIVA DE ENTREGA.';
COMMENT ON COLUMN pacotes.aberto IS 'The current status is not a final one.';
CREATE INDEX pacotes_data_entrega ON pacotes (data_entrega) WHERE data_entrega IS NOT NULL;
CREATE INDEX pacotes_abertos ON pacotes (data_inicio) WHERE aberto;
-- Packages of some places are read by it, and the places themselves, each by one look into the index. In the order of bytes: comparing by
-- a language's rules takes longer than all the rest of an insertion.
CREATE INDEX pacotes_lugares ON pacotes (origem COLLATE "C", destino COLLATE "C");

-- The key is the original's plus the status: carriers' clocks often have minute resolution, and the original's key silently dropped the
-- second status of a minute. No further index on id_pacote: the key's prefix serves.
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

-- With TimescaleDB the table is one of chunks (--chunk-interval), and old ones become columnar (--compress-after) where the server's edition
-- has that: 'timescale' is the community licence. What it gains and costs, and why this order: docs/decisions/0009.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    CREATE INDEX eventos_rastreamento_data_evento_idx ON eventos_rastreamento (data_evento DESC);
    RETURN;
  END IF;
  PERFORM create_hypertable(
    'eventos_rastreamento',
    by_range('data_evento', coalesce(nullif(current_setting('rastreio.chunk_interval', true), ''), '7 days')::interval),
    -- The default index on data_evento stays: time-range panels and freshness read it.
    create_default_indexes => true);
  IF current_setting('timescaledb.license', true) = 'timescale' THEN
    -- No segmentby: a package has some eight events, and a segment of eight rows compresses to nothing.
    ALTER TABLE eventos_rastreamento SET (
      timescaledb.compress,
      timescaledb.compress_segmentby = '',
      timescaledb.compress_orderby = 'id_pacote, data_evento, status_rastreamento');
    PERFORM add_compression_policy(
      'eventos_rastreamento',
      compress_after => coalesce(nullif(current_setting('rastreio.compress_after', true), ''), '14 days')::interval);
  END IF;
END
$$;

-- `npm run db:migrate` fills it from packages/contract/statuses.json. Ranks may swap within one statement.
CREATE TABLE catalogo_status (
  status   text     PRIMARY KEY,
  ordem    smallint NOT NULL UNIQUE DEFERRABLE INITIALLY IMMEDIATE,
  terminal boolean  NOT NULL
);
COMMENT ON TABLE catalogo_status IS 'Statuses with their rank among events of one instant; filled by db:migrate from packages/contract/statuses.json.';

-- A rejected message is kept whole, by its place in Kafka, so that nothing is lost and a replay changes nothing. It is settled in one of two
-- ways: it was sent again (reprocessado_em), or a person decided that it is worthless (aceito_em). Until then it is open. npm run dlq sets both.
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
  aceito_em       timestamptz,
  nota            text,
  PRIMARY KEY (topico, particao, deslocamento)
);
COMMENT ON TABLE eventos_rejeitados IS 'Messages that are no valid event, with their original bytes and the reason.';
COMMENT ON COLUMN eventos_rejeitados.reprocessado_em IS 'When it was last sent to Kafka again, corrected or as it was.';
COMMENT ON COLUMN eventos_rejeitados.aceito_em IS 'When a person decided that it needs no replay.';
COMMENT ON COLUMN eventos_rejeitados.nota IS 'Why, in the words of whoever settled it.';
CREATE INDEX eventos_rejeitados_rejeitado_em ON eventos_rejeitados (rejeitado_em DESC);
-- Few of very many are open once somebody looks after them.
CREATE INDEX eventos_rejeitados_abertos ON eventos_rejeitados (motivo, rejeitado_em DESC)
  WHERE reprocessado_em IS NULL AND aceito_em IS NULL;
-- A replayed event that is rejected again names the message it came of in this header.
-- A hash: the header is whatever a stranger sends, and a text too long for a B-tree would refuse the row.
CREATE INDEX eventos_rejeitados_reprocessado_de ON eventos_rejeitados USING hash ((cabecalhos->>'rastreio.reprocessado_de'))
  WHERE cabecalhos ? 'rastreio.reprocessado_de';
-- By key, which for this pipeline is the package's number. A hash: the key is whatever a stranger sends.
CREATE INDEX eventos_rejeitados_chave ON eventos_rejeitados USING hash (chave);

-- What people set.

-- Limits of alert rules and screens, so that they are changed without editing SQL.
CREATE TABLE limites (
  nome      text   PRIMARY KEY,
  valor     float8 NOT NULL,
  unidade   text   NOT NULL,
  descricao text   NOT NULL
);
INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('tempo_medio_rota', 10 * 86400, 'segundos', 'Mean delivery time of a lane over the last 24 hours above which the alert fires'),
  ('minimo_entregas_rota', 5, 'entregas', 'Deliveries a lane needs in the last 24 hours before its mean is judged'),
  ('silencio', 600, 'segundos', 'Time without any new event after which the alert fires'),
  ('silencio_aviso', 120, 'segundos', 'Time without any new message after which its tile warns; from silencio on it is critical'),
  ('rejeitados_aviso', 1, 'mensagens', 'Messages rejected within 24 hours from which their tile warns'),
  ('completude_minima', 0.5, 'fração', 'An hour with less than this share of the events expected in it is incomplete'),
  ('completude_volume', 30, 'eventos', 'Events that must be expected in an hour before it is judged'),
  ('risco_fracao_prazo', 0.8, 'fração', 'An open package is at risk when it is older than this share of its promise, or than its lane''s p95'),
  ('risco_minimo_entregas', 30, 'entregas', 'Deliveries of the last 30 days that a lane needs before the risk of its packages is estimated'),
  ('sem_movimento', 48 * 3600, 'segundos', 'An overdue package without any event for longer than this is in the list atrasados_parados'),
  ('esquecido', 48 * 3600, 'segundos', 'A package that was posted and never scanned again is in the list esquecidos when it is older than this'),
  ('torre_prometidos_hoje_aviso', 1, 'pacotes', 'Packages promised for today and not out for delivery from which the control tower warns'),
  ('torre_prometidos_hoje_critico', 20, 'pacotes', 'The same, from which it is critical'),
  ('torre_atrasados_parados_aviso', 1, 'pacotes', 'Overdue packages without movement from which the control tower warns'),
  ('torre_atrasados_parados_critico', 20, 'pacotes', 'The same, from which it is critical'),
  ('torre_esquecidos_aviso', 1, 'pacotes', 'Packages posted and never scanned again from which the control tower warns'),
  ('torre_esquecidos_critico', 20, 'pacotes', 'The same, from which it is critical'),
  ('torre_tentativa_falhou_aviso', 100, 'pacotes', 'Packages with a failed attempt and no delivery from which the control tower warns'),
  ('torre_tentativa_falhou_critico', 500, 'pacotes', 'The same, from which it is critical'),
  ('torre_quebras_amanha_aviso', 1, 'pacotes', 'Promises expected to be broken tomorrow from which the control tower warns'),
  ('torre_quebras_amanha_critico', 20, 'pacotes', 'The same, from which it is critical');

-- What was promised. '*' to '*' is the promise where no lane has one of its own; edit with INSERT and UPDATE, figures follow at once.
CREATE TABLE prazos (
  origem  text     NOT NULL,
  destino text     NOT NULL,
  prazo   interval NOT NULL,
  PRIMARY KEY (origem, destino),
  CONSTRAINT prazo_em_dias_e_horas CHECK (prazo > interval '0' AND extract(year FROM prazo) = 0 AND extract(month FROM prazo) = 0),
  CONSTRAINT rota_inteira CHECK ((origem = '*') = (destino = '*'))
);
COMMENT ON TABLE prazos IS 'Promised delivery time by lane, from the first event to the delivery; * to * is the default.';
INSERT INTO prazos VALUES ('*', '*', '10 days');

-- The promises that the summaries were last judged by: one edit may insert, change and delete at once.
CREATE TABLE prazos_julgados (LIKE prazos INCLUDING ALL);
INSERT INTO prazos_julgados SELECT * FROM prazos;

-- Summaries. Figures that a 5-second dashboard shows come from small tables, and reading them never scans history. All are sums that can be
-- added to and taken from, of two kinds:
--   kept by statement-level triggers (whoever writes the table below, they stay true): on pacotes resumo_status, resumo_entregas,
--   resumo_entregas_rota, resumo_baldes_rota and resumo_coortes; on ingestao resumo_ingestao;
--   kept by the writer in the batch's transaction, since they depend on each event and the one before it:
--   resumo_historico, resumo_permanencia, resumo_atraso, resumo_atraso_dia.
-- "fatia" spreads each figure over several rows, so that concurrent writers do not wait for one hot row; readers sum.

CREATE TABLE resumo_status (
  status          text     NOT NULL,
  fatia           smallint NOT NULL,
  total           bigint   NOT NULL,
  -- Sum of data_inicio over open packages, in seconds since 1970: their mean age at any moment.
  inicio_segundos numeric  NOT NULL DEFAULT 0,
  PRIMARY KEY (status, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_status IS 'Packages by current status, in slices to be summed.';

CREATE TABLE resumo_entregas (
  dia         date     NOT NULL,
  balde       smallint NOT NULL,
  fatia       smallint NOT NULL,
  entregas    bigint   NOT NULL,
  segundos    numeric  NOT NULL,
  no_prazo    bigint   NOT NULL,
  na_primeira bigint   NOT NULL,
  PRIMARY KEY (dia, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas IS
  'Deliveries by local day of delivery and bucket of delivery time; day -infinity holds all days together. Slices to be summed.';
COMMENT ON COLUMN resumo_entregas.na_primeira IS 'Delivered without a TENTATIVA DE ENTREGA before.';

-- The deliveries by lane and bucket are by far the most rows that a batch touches and that a panel adds up. So lanes are numbers there,
-- a bucket's row has its count alone, and the sums of a lane's day, which need no buckets, are rows of a table of their own.
-- docs/performance.md says what that gave.
CREATE TABLE rotas (
  id_rota integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origem  text NOT NULL,
  destino text NOT NULL,
  UNIQUE (origem, destino)
);
COMMENT ON TABLE rotas IS 'Lanes with a delivery, and the number that stands for each in the summaries. Rows are only ever added.';

CREATE TABLE resumo_entregas_rota (
  dia         date     NOT NULL,
  id_rota     integer  NOT NULL,
  fatia       smallint NOT NULL,
  entregas    bigint   NOT NULL,
  segundos    numeric  NOT NULL,
  no_prazo    bigint   NOT NULL,
  na_primeira bigint   NOT NULL,
  PRIMARY KEY (dia, id_rota, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas_rota IS 'Deliveries by lane and local day of delivery. Slices to be summed.';

-- Columns in an order without padding: this is the table with the most rows of all summaries.
CREATE TABLE resumo_baldes_rota (
  dia      date     NOT NULL,
  id_rota  integer  NOT NULL,
  balde    smallint NOT NULL,
  fatia    smallint NOT NULL,
  entregas integer  NOT NULL,
  PRIMARY KEY (dia, id_rota, balde, fatia)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_baldes_rota IS 'Deliveries by lane, local day of delivery and bucket of delivery time. Slices to be summed.';

CREATE TABLE resumo_coortes (
  dia    date     NOT NULL,
  status text     NOT NULL,
  dias   smallint,
  fatia  smallint NOT NULL,
  total  bigint   NOT NULL,
  UNIQUE NULLS NOT DISTINCT (dia, status, dias, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_coortes IS 'Packages by local day of their first event, current status and whole days until delivered (null: not delivered). Slices to be summed.';

CREATE TABLE resumo_historico (
  hora     timestamptz NOT NULL,
  status   text        NOT NULL,
  fatia    smallint    NOT NULL,
  eventos  bigint      NOT NULL,
  variacao bigint      NOT NULL,
  PRIMARY KEY (hora, status, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_historico IS
  'By hour and status: events with the status, and by how many the number of packages in it changed. Slices to be summed.';

CREATE TABLE resumo_permanencia (
  dia       date     NOT NULL,
  status    text     NOT NULL,
  balde     smallint NOT NULL,
  fatia     smallint NOT NULL,
  passagens bigint   NOT NULL,
  segundos  numeric  NOT NULL,
  PRIMARY KEY (dia, status, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_permanencia IS
  'How long packages stayed at an event until the next one: by status of the former, day of the latter (UTC) and bucket; day -infinity holds all days. Slices to be summed.';

CREATE TABLE resumo_atraso (
  hora     timestamptz NOT NULL,
  balde    smallint    NOT NULL,
  fatia    smallint    NOT NULL,
  eventos  bigint      NOT NULL,
  segundos numeric     NOT NULL,
  PRIMARY KEY (hora, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_atraso IS
  'Ingest delay (recebido_em - data_evento) of accepted events by hour of receipt and bucket. Slices to be summed.';

-- An hour's buckets are some hundred and fifty rows, too many for years of them.
CREATE TABLE resumo_atraso_dia (
  dia     date     NOT NULL,
  balde   smallint NOT NULL,
  fatia   smallint NOT NULL,
  eventos bigint   NOT NULL,
  PRIMARY KEY (dia, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_atraso_dia IS 'Accepted events by day of receipt (UTC) and bucket of ingest delay. Slices to be summed.';

-- The accounting of every committed batch, written in the batch's own transaction, by minute and partition.
CREATE TABLE ingestao (
  minuto       timestamptz NOT NULL,
  topico       text        NOT NULL,
  particao     integer     NOT NULL,
  consumidos   bigint      NOT NULL,
  inseridos    bigint      NOT NULL,
  duplicados   bigint      NOT NULL,
  rejeitados   bigint      NOT NULL,
  recebido_ate timestamptz NOT NULL,
  PRIMARY KEY (minuto, topico, particao),
  CONSTRAINT identidade_contabil CHECK (consumidos = inseridos + duplicados + rejeitados)
) WITH (fillfactor = 50);
COMMENT ON TABLE ingestao IS
  'What became of every consumed message, by minute and partition: consumidos = inseridos + duplicados + rejeitados.';
COMMENT ON COLUMN ingestao.recebido_ate IS 'Newest time at which Kafka got a message of the batch: how fresh the data are.';
-- The newest receipt is one look into the index, however many minutes the accounting has.
CREATE INDEX ingestao_recebido_ate ON ingestao (topico, recebido_ate);
-- Kafka's time of a message may be the producer's, whose clock may be ahead. Those that are ahead, usually none, have an index of their own.
CREATE INDEX ingestao_adiantada ON ingestao (minuto) WHERE recebido_ate - minuto > interval '1 minute';

-- The accounting by hour, so that a range of years does not read a million minutes. A batch changes one row of it, in its last statement.
CREATE TABLE resumo_ingestao (
  hora       timestamptz NOT NULL,
  topico     text        NOT NULL,
  fatia      smallint    NOT NULL,
  consumidos bigint      NOT NULL,
  inseridos  bigint      NOT NULL,
  duplicados bigint      NOT NULL,
  rejeitados bigint      NOT NULL,
  PRIMARY KEY (hora, topico, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_ingestao IS 'What became of consumed messages (table ingestao) by hour and topic. Slices to be summed: partitions, so that their writers do not wait for each other.';

-- Old events can be removed (npm run db:retain) while the figures made of them stay: docs/decisions/0010. What they added to the
-- tables that the writer keeps is kept here, so that these can still be checked and corrected.

CREATE TABLE retencao (
  unica         boolean     PRIMARY KEY DEFAULT true CHECK (unica),
  horizonte     timestamptz NOT NULL DEFAULT '-infinity',
  removidos_ate timestamptz NOT NULL DEFAULT '-infinity' CHECK (removidos_ate <= horizonte)
);
INSERT INTO retencao DEFAULT VALUES;
COMMENT ON TABLE retencao IS 'One row: what became of old events.';
COMMENT ON COLUMN retencao.horizonte IS 'Writers refuse events before it: whether they were counted once already cannot be told any more.';
COMMENT ON COLUMN retencao.removidos_ate IS 'Events before it are removed. Behind horizonte while db:retain is at work.';

CREATE TABLE eventos_anteriores (
  id_pacote           bigint      PRIMARY KEY,
  data_evento         timestamptz NOT NULL,
  status_rastreamento text        NOT NULL
);
COMMENT ON TABLE eventos_anteriores IS
  'The last removed event of packages that have later ones (where pacotes still holds it, there may be no row). Counts where it is before retencao.removidos_ate.';

CREATE TABLE removidos_historico (
  hora timestamptz NOT NULL, status text NOT NULL, eventos bigint NOT NULL, variacao bigint NOT NULL,
  PRIMARY KEY (hora, status)
);
CREATE TABLE removidos_permanencia (
  dia date NOT NULL, status text NOT NULL, balde smallint NOT NULL, passagens bigint NOT NULL, segundos numeric NOT NULL,
  PRIMARY KEY (dia, status, balde)
);
CREATE TABLE removidos_atraso (
  hora timestamptz NOT NULL, balde smallint NOT NULL, eventos bigint NOT NULL, segundos numeric NOT NULL,
  PRIMARY KEY (hora, balde)
);

-- Who may do what. The writer writes events, packages, dead letters and the accounting; the summaries are written by functions of the owner
-- alone, so nobody can falsify them. The reader reads.
GRANT SELECT, INSERT, UPDATE ON pacotes, eventos_rejeitados, ingestao TO rastreio_writer;
GRANT SELECT, INSERT ON eventos_rastreamento TO rastreio_writer;
GRANT SELECT ON catalogo_status, limites, retencao, versao_do_esquema TO rastreio_writer;
GRANT SELECT ON pacotes, eventos_rastreamento, eventos_rejeitados, catalogo_status, limites, rotas, ingestao, retencao,
  eventos_anteriores, versao_do_esquema, resumo_status, resumo_entregas, resumo_entregas_rota, resumo_baldes_rota, resumo_coortes,
  resumo_historico, resumo_permanencia, resumo_atraso, resumo_atraso_dia, resumo_ingestao TO grafana_reader;
GRANT SELECT ON prazos TO grafana_reader, rastreio_writer;
REVOKE EXECUTE ON FUNCTION exige_escritor(integer) FROM PUBLIC;
