-- Limits of alert rules: each has a default, some a value of their own for a lane; who changed what and when is kept.

-- A limit in seconds for all lanes fits none of them: the mean of a lane is judged by the lane's own promise. What somebody had set is taken
-- over as a share of the default promise.
INSERT INTO limites (nome, valor, unidade, descricao)
SELECT 'rota_media_prazo', coalesce((SELECT l.valor / extract(epoch FROM p.prazo)::float8 FROM limites l, prazos p
                                     WHERE l.nome = 'tempo_medio_rota' AND (p.origem, p.destino) = ('*', '*')), 1),
       'prazos', 'Mean delivery time of a lane, today and yesterday, above which the alert fires: so many times the lane''s promise';
DELETE FROM limites WHERE nome = 'tempo_medio_rota';
UPDATE limites SET valor = 20, descricao = 'Deliveries a lane needs, today and yesterday, before it is judged' WHERE nome = 'minimo_entregas_rota' AND valor = 5;

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('rota_p95_prazo', 2, 'prazos', 'p95 of a lane''s delivery time, today and yesterday, above which the alert fires: so many times the lane''s promise'),
  ('rota_media_normal', 1.6, 'vezes', 'Mean delivery time of a lane, today and yesterday, above which the alert fires: so many times that of the four weeks before'),
  ('rota_p95_normal', 2, 'vezes', 'p95 of a lane''s delivery time, today and yesterday, above which the alert fires: so many times that of the four weeks before'),
  ('minimo_normal_rota', 100, 'entregas', 'Deliveries a lane needs in the four weeks before to be compared with them'),
  ('postagem_no_prazo', 0.8, 'vezes', 'Share of a posting day''s parcels delivered on time so far, below which the alert fires: so many times that of the same weekday before'),
  ('postagem_minimo', 100, 'pacotes', 'Parcels that a posting day needs before it is judged'),
  ('em_risco', 0.4, 'fração', 'Share of the open parcels that is at risk, above which the alert fires'),
  ('em_risco_minimo', 50, 'pacotes', 'Parcels that must be open before the share at risk is judged'),
  ('parados_status', 0.15, 'fração', 'Share of the open parcels of a status that is stuck, above which the alert fires'),
  ('parados_rota', 0.3, 'fração', 'Share of the open parcels of a lane that is stuck, above which the alert fires'),
  ('parados_minimo', 20, 'pacotes', 'Parcels that must be stuck in a status or lane before their share is judged'),
  ('extravios', 3, 'vezes', 'Parcels lost within 24 hours above which the alert fires: so many times the daily mean of the four weeks before'),
  ('extravios_minimo', 15, 'pacotes', 'Parcels that must be lost within 24 hours before the alert fires'),
  ('reabertos', 0.02, 'fração', 'Parcels opened again after delivery within 24 hours, above which the alert fires: share of the deliveries of 24 hours'),
  ('reabertos_minimo', 10, 'pacotes', 'Parcels that must be opened again within 24 hours before the alert fires'),
  ('esquecidos', 0.1, 'fração', 'Parcels posted and never scanned again above which the alert fires: share of a mean day''s postings'),
  ('esquecidos_minimo', 20, 'pacotes', 'Parcels that must be forgotten before the alert fires'),
  ('origem_silencio', 3 * 3600, 'segundos', 'Length of the window in which the events of each origin are compared with the same hours of four weeks before'),
  ('origem_parte', 0.1, 'fração', 'Share of the events expected from an origin below which the alert fires'),
  ('origem_minimo', 30, 'eventos', 'Events that must be expected from an origin before it is judged'),
  ('rejeitados_parte', 0.05, 'fração', 'Share of the messages of the last 15 minutes that is rejected, above which the alert fires'),
  ('rejeitados_minimo', 20, 'mensagens', 'Messages that must have come within 15 minutes before the rejected share is judged'),
  ('desconhecidos_parte', 0.01, 'fração', 'Share of the last 24 hours'' events whose status is not in the catalogue, above which the alert fires'),
  ('desconhecidos_minimo', 10, 'eventos', 'Events of an unknown status that must have happened within 24 hours before the alert fires'),
  ('horas_incompletas', 1, 'horas', 'Incomplete hours of the last 24 above which the alert fires'),
  ('consumidor_atraso', 300, 'segundos', 'Time that messages have waited in Kafka when they are written, above which the alert fires'),
  ('relogio_adiantado', 300, 'segundos', 'Time by which an event or a message is ahead of the database''s clock, above which the alert fires');

-- Which of them a lane may have for itself: those that a rule compares lane by lane.
ALTER TABLE limites ADD COLUMN por_rota boolean NOT NULL DEFAULT false;
UPDATE limites SET por_rota = true
WHERE nome IN ('rota_media_prazo', 'rota_p95_prazo', 'rota_media_normal', 'rota_p95_normal', 'minimo_entregas_rota', 'minimo_normal_rota', 'parados_rota');
ALTER TABLE limites ADD CONSTRAINT limites_valor_positivo CHECK (valor > 0 AND valor < 'Infinity'), ADD CONSTRAINT limites_por_rota_chave UNIQUE (nome, por_rota);
COMMENT ON TABLE limites IS 'Limits of alert rules and colors, edited with UPDATE. Rows can neither be removed nor renamed: rules and screens ask for each.';
COMMENT ON COLUMN limites.por_rota IS 'A lane may have a value of its own, in limites_por_rota.';

CREATE TABLE limites_por_rota (
  nome     text    NOT NULL,
  origem   text    NOT NULL,
  destino  text    NOT NULL,
  valor    float8  NOT NULL CHECK (valor > 0 AND valor < 'Infinity'),
  -- Only so that the key below can ask for it.
  por_rota boolean NOT NULL GENERATED ALWAYS AS (true) STORED,
  PRIMARY KEY (nome, origem, destino),
  CONSTRAINT limite_que_rotas_podem_ter FOREIGN KEY (nome, por_rota) REFERENCES limites (nome, por_rota)
);
COMMENT ON TABLE limites_por_rota IS 'Limits of single lanes, in place of the default in limites; edit with INSERT, UPDATE and DELETE.';

CREATE TABLE mudancas_de_limites (
  quando  timestamptz NOT NULL DEFAULT now(),
  quem    text        NOT NULL DEFAULT session_user,
  nome    text        NOT NULL,
  origem  text,
  destino text,
  antes   float8,
  depois  float8
);
COMMENT ON TABLE mudancas_de_limites IS 'Who changed which limit, when, from what to what; without a lane the default.';
CREATE INDEX mudancas_de_limites_quando ON mudancas_de_limites (quando DESC);

-- Deliveries on time by posting day too.
ALTER TABLE resumo_coortes ADD COLUMN no_prazo bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN resumo_coortes.no_prazo IS 'Of them, delivered within the promise.';
INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
SELECT dia_local(p.data_inicio), p.status_atual, floor(extract(epoch FROM p.data_entrega - p.data_inicio) / 86400)::smallint, 0, 0, count(*)
FROM pacotes p LEFT JOIN prazos z USING (origem, destino)
WHERE p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo FROM prazos WHERE (origem, destino) = ('*', '*')))
GROUP BY 1, 2, 3
ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo;

GRANT SELECT ON limites_por_rota, mudancas_de_limites TO grafana_reader;
GRANT SELECT ON limites_por_rota TO rastreio_writer;
