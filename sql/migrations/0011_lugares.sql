-- Places (docs/decisions/0027): parcels, events and summaries keep what carriers wrote, and a dictionary tells which spellings are one place.

CREATE SEQUENCE numeros_dos_lugares AS integer;
CREATE TABLE grafias (
  grafia   text    PRIMARY KEY CHECK (char_length(grafia) BETWEEN 1 AND 255),
  dita     text    NOT NULL,
  nome     text    NOT NULL,
  chave    text    NOT NULL,
  id_lugar integer NOT NULL,
  lugar    text    NOT NULL,
  regiao   text
);
CREATE INDEX grafias_nome ON grafias (nome);
CREATE INDEX grafias_chave ON grafias (chave);
CREATE INDEX grafias_id_lugar ON grafias (id_lugar);
COMMENT ON TABLE grafias IS 'Every spelling of an origin or destination, and the place that it names. Rows are only ever added; what each names may change.';
COMMENT ON COLUMN grafias.dita IS 'The spelling folded, as name/region, after what people said (lugares_ditos). The region is empty where nobody says it.';
COMMENT ON COLUMN grafias.nome IS 'The name in dita.';
COMMENT ON COLUMN grafias.chave IS 'The place: dita, and where that has no region and all others of the name have one and the same, that region.';
COMMENT ON COLUMN grafias.id_lugar IS 'A number that stands for chave; 0 is the place that nobody said.';
COMMENT ON COLUMN grafias.lugar IS 'The spelling of the place that is shown: the one of most packages when it was last counted, ties by text.';
COMMENT ON COLUMN grafias.regiao IS 'The region of the place, null where nobody says it.';
INSERT INTO grafias VALUES ('(não informado)', '(NAO INFORMADO)/', '(NAO INFORMADO)', '(NAO INFORMADO)/', 0, '(não informado)', NULL);

CREATE TABLE lugares_ditos (
  chave  text        PRIMARY KEY,
  como   text        NOT NULL CHECK (como <> chave),
  quem   text        NOT NULL DEFAULT session_user,
  quando timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE lugares_ditos IS 'What people say of places (npx rastreio places): one folded name/region stands for another one. Edited by that command alone.';
COMMENT ON COLUMN lugares_ditos.quando IS 'Rows of one command have one instant.';

COMMENT ON TABLE prazos IS 'Promised delivery time by lane, from the first event to the delivery, in any spelling of its places; * to * is the default.';
COMMENT ON TABLE prazos_julgados IS 'The promises that deliveries are judged by: those of prazos, for each pair of spellings of their places. Of several promises for one lane the shortest counts.';

GRANT SELECT ON grafias TO rastreio_writer;
GRANT SELECT ON grafias, lugares_ditos, prazos_julgados TO grafana_reader;

-- An older writer does not tell the dictionary what is new to it.
SELECT exige_escritor(6);
