-- A parcel whose tracking number came first has a number that was given here; when an event says the sender's number for it, what is stored
-- moves to that one (docs/decisions/0023).
CREATE TABLE numeros_juntados (
  id_dado   bigint PRIMARY KEY CHECK (id_dado < 0),
  id_pacote bigint NOT NULL CHECK (id_pacote > 0),
  juntado_em timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE numeros_juntados IS 'Numbers that were given here to packages whose senders said theirs later. Links with the former number find the package.';
COMMENT ON TABLE codigos IS 'Which parcel a carrier''s tracking number names. Rows are only ever added; a number given here is changed once, for the one that the sender says.';
ALTER TABLE versao_do_esquema ADD COLUMN juncoes bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN versao_do_esquema.juncoes IS 'How often numbers were joined: what writers remember of numbers holds as long as it stays.';
GRANT SELECT ON numeros_juntados TO grafana_reader;

-- What functions hand to each other: their own rows and not those of the tables, so that a column more in a table stops nobody.
CREATE TYPE evento AS (id_pacote bigint, data_evento timestamptz, status_rastreamento text, recebido_em timestamptz, detalhes jsonb);
CREATE TYPE correcao AS (id_pacote bigint, data_evento timestamptz, status_rastreamento text, alvo text, recebido_em timestamptz, detalhes jsonb);

-- An older writer makes a dead letter of what can be joined now.
SELECT exige_escritor(6);
