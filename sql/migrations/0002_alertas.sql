-- Limits of alert rules: each has a default, some a value of their own for a lane; who changed what and when is kept.

-- A limit in seconds for all lanes fits none of them: the mean of a lane is judged by the lane's own promise. What somebody had set is taken
-- over as a share of the default promise.
INSERT INTO limites (nome, valor, unidade, descricao)
SELECT 'rota_media_prazo', coalesce((SELECT l.valor / extract(epoch FROM p.prazo)::float8 FROM limites l, prazos p
                                     WHERE l.nome = 'tempo_medio_rota' AND (p.origem, p.destino) = ('*', '*')), 1),
       'prazos', 'Tempo médio de entrega de uma rota, hoje e ontem, a partir do qual a regra dispara: tantas vezes o prazo da rota';
DELETE FROM limites WHERE nome = 'tempo_medio_rota';
UPDATE limites SET valor = 20 WHERE nome = 'minimo_entregas_rota' AND valor = 5;

-- People read these on a dashboard in Portuguese.
UPDATE limites l SET descricao = d.descricao FROM (VALUES
  ('minimo_entregas_rota', 'Entregas de que uma rota precisa, hoje e ontem, para ser julgada'),
  ('silencio', 'Tempo sem nenhum evento novo depois do qual a regra dispara'),
  ('silencio_aviso', 'Tempo sem nenhum evento novo a partir do qual o cartão avisa; a partir de silencio é crítico'),
  ('rejeitados_aviso', 'Mensagens rejeitadas em 24 horas a partir das quais o cartão avisa'),
  ('completude_minima', 'Uma hora com menos do que esta parte dos eventos esperados é incompleta'),
  ('completude_volume', 'Eventos que precisam ser esperados numa hora para que ela seja julgada'),
  ('risco_fracao_prazo', 'Um pacote em aberto está em risco quando passou desta parte do prazo, ou do p95 da rota'),
  ('risco_minimo_entregas', 'Entregas dos últimos 30 dias de que uma rota precisa para que o risco dos seus pacotes seja estimado'),
  ('sem_movimento', 'Um pacote atrasado sem nenhum evento há mais tempo está na lista atrasados_parados'),
  ('esquecido', 'Um pacote postado e nunca mais lido está na lista esquecidos quando é mais velho'),
  ('torre_prometidos_hoje_aviso', 'Pacotes prometidos para hoje e ainda não em rota de entrega a partir dos quais a torre avisa'),
  ('torre_atrasados_parados_aviso', 'Pacotes atrasados e parados a partir dos quais a torre avisa'),
  ('torre_esquecidos_aviso', 'Pacotes postados e nunca mais lidos a partir dos quais a torre avisa'),
  ('torre_tentativa_falhou_aviso', 'Pacotes com uma tentativa falhada e sem entrega a partir dos quais a torre avisa'),
  ('torre_quebras_amanha_aviso', 'Prazos que se espera quebrar amanhã a partir dos quais a torre avisa'),
  ('torre_prometidos_hoje_critico', 'O mesmo, a partir de quantos é crítico'),
  ('torre_atrasados_parados_critico', 'O mesmo, a partir de quantos é crítico'),
  ('torre_esquecidos_critico', 'O mesmo, a partir de quantos é crítico'),
  ('torre_tentativa_falhou_critico', 'O mesmo, a partir de quantos é crítico'),
  ('torre_quebras_amanha_critico', 'O mesmo, a partir de quantos é crítico')
) AS d (nome, descricao) WHERE d.nome = l.nome;

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('rota_p95_prazo', 2, 'prazos', 'p95 do tempo de entrega de uma rota, hoje e ontem, a partir do qual a regra dispara: tantas vezes o prazo da rota'),
  ('rota_media_normal', 1.6, 'vezes', 'Tempo médio de entrega de uma rota, hoje e ontem, a partir do qual a regra dispara: tantas vezes o das quatro semanas anteriores'),
  ('rota_p95_normal', 2, 'vezes', 'p95 do tempo de entrega de uma rota, hoje e ontem, a partir do qual a regra dispara: tantas vezes o das quatro semanas anteriores'),
  ('minimo_normal_rota', 100, 'entregas', 'Entregas das quatro semanas anteriores de que uma rota precisa para ser comparada com elas'),
  ('postagem_no_prazo', 0.8, 'vezes', 'Parte dos pacotes de um dia de postagem entregue no prazo até agora, abaixo da qual a regra dispara: tantas vezes a do mesmo dia da semana antes'),
  ('postagem_minimo', 100, 'pacotes', 'Pacotes de que um dia de postagem precisa para ser julgado'),
  ('em_risco', 0.4, 'fração', 'Parte dos pacotes em aberto que está em risco, acima da qual a regra dispara'),
  ('em_risco_minimo', 50, 'pacotes', 'Pacotes que precisam estar em aberto para que a parte em risco seja julgada'),
  ('parados_status', 0.15, 'fração', 'Parte dos pacotes em aberto de um status que está parada, acima da qual a regra dispara'),
  ('parados_rota', 0.3, 'fração', 'Parte dos pacotes em aberto de uma rota que está parada, acima da qual a regra dispara'),
  ('parados_minimo', 20, 'pacotes', 'Pacotes que precisam estar parados num status ou numa rota para que a parte seja julgada'),
  ('extravios', 3, 'vezes', 'Pacotes extraviados em 24 horas a partir dos quais a regra dispara: tantas vezes a média diária das quatro semanas anteriores'),
  ('extravios_minimo', 15, 'pacotes', 'Pacotes que precisam ser extraviados em 24 horas para que a regra dispare'),
  ('reabertos', 0.02, 'fração', 'Pacotes reabertos depois de entregues em 24 horas a partir dos quais a regra dispara: parte das entregas de 24 horas'),
  ('reabertos_minimo', 10, 'pacotes', 'Pacotes que precisam ser reabertos em 24 horas para que a regra dispare'),
  ('esquecidos', 0.1, 'fração', 'Pacotes postados e nunca mais lidos a partir dos quais a regra dispara: parte das postagens de um dia médio'),
  ('esquecidos_minimo', 20, 'pacotes', 'Pacotes que precisam estar esquecidos para que a regra dispare'),
  ('origem_silencio', 3 * 3600, 'segundos', 'Comprimento da janela em que os eventos de cada origem são comparados com os das mesmas horas de quatro semanas antes'),
  ('origem_parte', 0.1, 'fração', 'Parte dos eventos esperados de uma origem abaixo da qual a regra dispara'),
  ('origem_minimo', 30, 'eventos', 'Eventos que precisam ser esperados de uma origem para que ela seja julgada'),
  ('rejeitados_parte', 0.05, 'fração', 'Parte das mensagens dos últimos 15 minutos que é rejeitada, acima da qual a regra dispara'),
  ('rejeitados_minimo', 20, 'mensagens', 'Mensagens que precisam chegar em 15 minutos para que a parte rejeitada seja julgada'),
  ('desconhecidos_parte', 0.01, 'fração', 'Parte dos eventos das últimas 24 horas com status fora do catálogo, acima da qual a regra dispara'),
  ('desconhecidos_minimo', 10, 'eventos', 'Eventos com status desconhecido que precisam acontecer em 24 horas para que a regra dispare'),
  ('horas_incompletas', 1, 'horas', 'Horas incompletas das últimas 24 acima das quais a regra dispara'),
  ('consumidor_atraso', 300, 'segundos', 'Tempo que mensagens esperaram no Kafka quando são gravadas, acima do qual a regra dispara'),
  ('relogio_adiantado', 300, 'segundos', 'Tempo que um evento ou uma mensagem está à frente do relógio do banco, acima do qual a regra dispara');

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
