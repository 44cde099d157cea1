-- Limits as npm run alerts:prove found them: 28 days on which nothing is wrong stay under them, for five worlds. Whoever changed one keeps it.

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('silencio_eventos', 30, 'eventos', 'Eventos que costumam chegar nas mesmas horas de semanas anteriores e precisam faltar para que o silêncio seja julgado');

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
