-- What Kafka gives and cannot be relied on: the time of a record, offsets that begin again, messages removed before they were read.

-- A letter is known by more than its place, which a topic made anew uses again: by the record's own time and its bytes as well. `vida` tells
-- letters of one place apart; a message that is read again is the letter that is there. What came of no Kafka (csv:) has no such time.
ALTER TABLE eventos_rejeitados
  ADD COLUMN marca_tempo bigint,
  ADD COLUMN vida integer NOT NULL DEFAULT 1 CHECK (vida > 0);
COMMENT ON COLUMN eventos_rejeitados.marca_tempo IS 'The record''s own time in Kafka, milliseconds since 1970 as they were sent, true or not.';
COMMENT ON COLUMN eventos_rejeitados.vida IS 'Which letter of this place it is: 1, and more where a topic made anew has used the place again.';
UPDATE eventos_rejeitados SET marca_tempo = (extract(epoch FROM recebido_em) * 1000)::bigint WHERE topico NOT LIKE 'csv:%';
ALTER TABLE eventos_rejeitados
  DROP CONSTRAINT eventos_rejeitados_pkey,
  ADD PRIMARY KEY (topico, particao, deslocamento, vida);
-- Of hashes, since a B-tree takes no long values; none stands for null, which no hash is.
CREATE UNIQUE INDEX eventos_rejeitados_identidade ON eventos_rejeitados (
  topico, particao, deslocamento,
  sha256(coalesce(int8send(marca_tempo), '') || coalesce(sha256(chave), '\x00') || coalesce(sha256(valor), '\x00')));

ALTER TABLE ingestao ADD COLUMN sem_hora bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ingestao.sem_hora IS
  'How many of the messages had a time of their own in Kafka that cannot be true (0, -1, seconds, microseconds, far ahead): recebido_em is when they were read.';
-- Usually none.
CREATE INDEX ingestao_sem_hora ON ingestao (minuto) WHERE sem_hora > 0;

-- How far each partition is written. Kafka's own note of it goes when a consumer is away for too long, and is overwritten when what it
-- points to is gone; offsets of another cluster say nothing.
CREATE TABLE posicoes_lidas (
  topico   text    NOT NULL,
  particao integer NOT NULL,
  cluster  text    NOT NULL,
  proximo  bigint  NOT NULL,
  PRIMARY KEY (topico, particao)
) WITH (fillfactor = 50);
COMMENT ON TABLE posicoes_lidas IS 'By partition: the offset up to which its messages are written, and of which Kafka cluster.';

CREATE TABLE mensagens_perdidas (
  topico       text        NOT NULL,
  particao     integer     NOT NULL,
  cluster      text        NOT NULL,
  desde        bigint      NOT NULL,
  ate          bigint      NOT NULL CHECK (ate > desde),
  percebido_em timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topico, particao, cluster, desde, ate)
);
COMMENT ON TABLE mensagens_perdidas IS
  'Messages that Kafka removed (retention) before they were read: offsets from desde up to ate, without ate. At most so many, since some offsets may have held no message.';
CREATE INDEX mensagens_perdidas_percebido_em ON mensagens_perdidas (percebido_em);

GRANT SELECT, INSERT, UPDATE ON posicoes_lidas TO rastreio_writer;
GRANT SELECT, INSERT ON mensagens_perdidas TO rastreio_writer;
GRANT SELECT ON posicoes_lidas, mensagens_perdidas TO grafana_reader;

-- An older writer would keep no time, and a letter that is read again would be a second one.
SELECT exige_escritor(3);
