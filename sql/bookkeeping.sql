-- What db:migrate has applied. It runs this first, on any database: so every statement may be run again.
CREATE TABLE IF NOT EXISTS migracoes (
  id     serial       PRIMARY KEY,
  name   varchar(255) NOT NULL,
  run_on timestamp    NOT NULL
);

-- The sets of sql/functions, each by the hash of its files; the latest is the current one.
CREATE TABLE IF NOT EXISTS funcoes_aplicadas (
  id           integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256       text        NOT NULL,
  aplicadas_em timestamptz NOT NULL DEFAULT now(),
  objetos      text[]      NOT NULL
);
COMMENT ON TABLE funcoes_aplicadas IS 'Sets of views, functions and triggers (sql/functions) that were applied; the latest is the current one.';
COMMENT ON COLUMN funcoes_aplicadas.objetos IS 'What the set made: the next one removes these and nothing else.';

-- Programs look here whether they fit the database, before they write.
GRANT SELECT ON migracoes, funcoes_aplicadas TO rastreio_writer, grafana_reader;
