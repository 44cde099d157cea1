-- Figures by carrier. Deliveries and postings of packages that have one are summed as those of lanes are; what the totals have beyond them
-- is of packages without a carrier, which so cost nothing more.
CREATE TABLE resumo_entregas_transportadora (
  dia                date     NOT NULL,
  transportadora     text     NOT NULL,
  fatia              smallint NOT NULL,
  entregas           bigint   NOT NULL,
  segundos           numeric  NOT NULL,
  no_prazo           bigint   NOT NULL,
  na_primeira        bigint   NOT NULL,
  no_prazo_final     bigint   NOT NULL,
  tentativa_no_prazo bigint   NOT NULL,
  PRIMARY KEY (dia, transportadora, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas_transportadora IS
  'Deliveries by carrier and local day of delivery, of packages that have a carrier. Slices to be summed.';

CREATE TABLE resumo_baldes_transportadora (
  dia            date     NOT NULL,
  transportadora text     NOT NULL,
  balde          smallint NOT NULL,
  fatia          smallint NOT NULL,
  entregas       integer  NOT NULL,
  PRIMARY KEY (dia, transportadora, balde, fatia)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_baldes_transportadora IS
  'Deliveries by carrier, local day of delivery and bucket of delivery time, of packages that have a carrier. Slices to be summed.';

CREATE TABLE resumo_postagem_transportadora (
  dia            date     NOT NULL,
  transportadora text     NOT NULL,
  fatia          smallint NOT NULL,
  pacotes        bigint   NOT NULL,
  abertos        bigint   NOT NULL,
  PRIMARY KEY (dia, transportadora, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_postagem_transportadora IS
  'Packages that have a carrier, by carrier and local day of their first event, and how many of them are open. Slices to be summed.';

-- The newest deliveries of a carrier. Packages without one are not in it. It locks out writers until all of this is done.
CREATE INDEX pacotes_entregas_transportadora ON pacotes (transportadora, data_entrega)
  WHERE transportadora IS NOT NULL AND data_entrega IS NOT NULL;

GRANT SELECT ON resumo_entregas_transportadora, resumo_baldes_transportadora, resumo_postagem_transportadora TO grafana_reader;

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('transportadora_no_prazo', 0.8, 'vezes', 'Parte das entregas de uma transportadora no prazo, hoje e ontem, abaixo da qual a regra dispara: tantas vezes a das quatro semanas anteriores'),
  ('transportadora_entregas', 30, 'entregas', 'Entregas de que uma transportadora precisa, hoje e ontem, para ser julgada'),
  ('transportadora_normal', 100, 'entregas', 'Entregas das quatro semanas anteriores de que uma transportadora precisa para ser comparada com elas'),
  ('transportadora_silencio', 3 * 3600, 'segundos', 'Comprimento da janela em que os eventos de cada transportadora são comparados com os das mesmas horas de quatro semanas antes'),
  ('transportadora_parte', 0.1, 'fração', 'Parte dos eventos esperados de uma transportadora abaixo da qual a regra dispara'),
  ('transportadora_eventos', 30, 'eventos', 'Eventos que precisam ser esperados de uma transportadora para que ela seja julgada'),
  ('nunca_encerrado', 90 * 86400, 'segundos', 'Um pacote em aberto sem nenhum evento há mais tempo nunca foi encerrado');

-- Of what is there already. The sums go to one slice: readers take all slices together.
DO $$
BEGIN
  -- Not in a new database, which has no functions yet either.
  IF NOT EXISTS (SELECT FROM pacotes WHERE transportadora IS NOT NULL) THEN RETURN; END IF;

  INSERT INTO resumo_postagem_transportadora
  SELECT dia_local(p.data_inicio), p.transportadora, 0, count(*), count(*) FILTER (WHERE p.aberto)
  FROM pacotes p WHERE p.transportadora IS NOT NULL GROUP BY 1, 2;

  INSERT INTO resumo_entregas_transportadora
  SELECT dia_local(e.data_entrega), e.transportadora, 0, count(*),
         sum(extract(epoch FROM e.data_entrega - e.data_inicio)),
         count(*) FILTER (WHERE e.data_entrega <= e.primeiro), count(*) FILTER (WHERE e.data_tentativa IS NULL OR e.data_tentativa > e.data_entrega),
         count(*) FILTER (WHERE e.data_entrega <= e.ultimo), count(*) FILTER (WHERE least(e.data_tentativa, e.data_entrega) <= e.primeiro)
  FROM (
    SELECT p.*, coalesce(p.prazo_inicial, p.data_inicio + u.prazo) AS primeiro, coalesce(p.prazo_final, p.data_inicio + u.prazo) AS ultimo
    FROM pacotes p LEFT JOIN prazos_julgados z USING (origem, destino)
    LEFT JOIN prazos_julgados d ON (d.origem, d.destino) = ('*', '*')
    CROSS JOIN LATERAL (SELECT make_interval(secs => extract(epoch FROM coalesce(z.prazo, d.prazo))::float8) AS prazo) AS u
    WHERE p.transportadora IS NOT NULL AND p.data_entrega IS NOT NULL
  ) AS e
  GROUP BY 1, 2;

  INSERT INTO resumo_baldes_transportadora
  SELECT dia_local(p.data_entrega), p.transportadora, balde(p.data_entrega - p.data_inicio), 0, count(*)
  FROM pacotes p WHERE p.transportadora IS NOT NULL AND p.data_entrega IS NOT NULL GROUP BY 1, 2, 3;
END
$$;
