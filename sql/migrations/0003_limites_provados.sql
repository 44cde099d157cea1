-- Limits as npm run alerts:prove found them: days on which nothing is wrong stay under them, in five worlds. Whoever changed one keeps it.

UPDATE limites l SET valor = n.valor FROM (VALUES
  ('rota_media_prazo', 1, 1.4), ('rota_p95_prazo', 2, 2.5), ('rota_media_normal', 1.6, 2.5), ('rota_p95_normal', 2, 2.5),
  ('em_risco', 0.4, 0.25), ('extravios', 3, 6), ('extravios_minimo', 15, 30)
) AS n (nome, antes, valor) WHERE n.nome = l.nome AND l.valor = n.antes;
UPDATE limites SET descricao = 'Parte de todos os pacotes em aberto que está parada num status, acima da qual a regra dispara' WHERE nome = 'parados_status';

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('silencio_eventos', 30, 'eventos', 'Eventos que costumam chegar nas mesmas horas de semanas anteriores e precisam faltar para que o silêncio seja julgado'),
  ('postagem_esperada', 0.6, 'fração', 'Parte dos pacotes de um dia de postagem que costuma estar entregue no prazo até agora, abaixo da qual o dia não é julgado');

-- The control tower compared numbers of packages with numbers: a big network was red on any day.
INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('torre_minimo', 20, 'pacotes', 'Pacotes de que uma lista da torre precisa para ser crítica');
UPDATE limites l SET valor = t.valor, unidade = 'fração', descricao = t.descricao FROM (VALUES
  ('torre_prometidos_hoje_aviso', 0.02, 'Parte dos pacotes em aberto prometida para hoje e ainda não em rota de entrega a partir da qual a torre avisa'),
  ('torre_prometidos_hoje_critico', 0.05, 'O mesmo, a partir de que parte é crítico'),
  ('torre_atrasados_parados_aviso', 0.05, 'Parte dos pacotes em aberto que está atrasada e parada a partir da qual a torre avisa'),
  ('torre_atrasados_parados_critico', 0.1, 'O mesmo, a partir de que parte é crítico'),
  ('torre_esquecidos_aviso', 0.001, 'Parte dos pacotes em aberto postada e nunca mais lida a partir da qual a torre avisa'),
  ('torre_esquecidos_critico', 0.005, 'O mesmo, a partir de que parte é crítico'),
  ('torre_tentativa_falhou_aviso', 0.1, 'Parte dos pacotes em aberto com uma tentativa falhada e sem entrega a partir da qual a torre avisa'),
  ('torre_tentativa_falhou_critico', 0.2, 'O mesmo, a partir de que parte é crítico'),
  ('torre_quebras_amanha_aviso', 0.02, 'Parte dos pacotes em aberto cujo prazo se espera quebrar amanhã a partir da qual a torre avisa'),
  ('torre_quebras_amanha_critico', 0.05, 'O mesmo, a partir de que parte é crítico')
) AS t (nome, valor, descricao) WHERE t.nome = l.nome;

-- A share of few messages is no news; of many rejected ones it is.
UPDATE limites SET descricao = 'Mensagens rejeitadas que precisam chegar em 15 minutos para que a sua parte seja julgada',
  valor = CASE WHEN valor = 20 THEN 10 ELSE valor END WHERE nome = 'rejeitados_minimo';

-- Days that rules which compare with the past leave out. The national ones are here; those of a state or a city are the operator's to add.
CREATE TABLE feriados (
  dia  date PRIMARY KEY,
  nome text NOT NULL
);
COMMENT ON TABLE feriados IS 'Days on which less happens than on others, by the operator''s calendar: rules that compare with ordinary days keep quiet. Edited with INSERT, UPDATE and DELETE.';
INSERT INTO feriados
SELECT make_date(ano, mes, dia), nome FROM generate_series(2024, 2035) AS ano CROSS JOIN (VALUES
  (1, 1, 'Confraternização Universal'), (4, 21, 'Tiradentes'), (5, 1, 'Dia do Trabalho'), (9, 7, 'Independência do Brasil'),
  (10, 12, 'Nossa Senhora Aparecida'), (11, 2, 'Finados'), (11, 15, 'Proclamação da República'), (11, 20, 'Consciência Negra'), (12, 25, 'Natal')
) AS f (mes, dia, nome);
INSERT INTO feriados
SELECT p.pascoa::date + f.dias, f.nome FROM (VALUES
  ('2024-03-31'), ('2025-04-20'), ('2026-04-05'), ('2027-03-28'), ('2028-04-16'), ('2029-04-01'), ('2030-04-21'), ('2031-04-13'),
  ('2032-03-28'), ('2033-04-17'), ('2034-04-09'), ('2035-03-25')
) AS p (pascoa) CROSS JOIN (VALUES (-48, 'Carnaval'), (-47, 'Carnaval'), (-2, 'Sexta-feira Santa'), (60, 'Corpus Christi')) AS f (dias, nome)
ON CONFLICT DO NOTHING;
GRANT SELECT ON feriados TO grafana_reader;
