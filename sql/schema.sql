-- The schema of a fresh database on plain PostgreSQL, as pg_dump tells it: what a change of sql/migrations or sql/functions does, for whoever
-- reviews it. Written by "npm run schema:write" and compared by test/schema.test.ts; never run.

CREATE SCHEMA conferencia;

ALTER SCHEMA conferencia OWNER TO rastreio_owner;

COMMENT ON SCHEMA conferencia IS 'Plain definitions of the derived tables, for npm run db:verify and db:rebuild. They scan all events and packages.';

CREATE SCHEMA public;

ALTER SCHEMA public OWNER TO rastreio_owner;

COMMENT ON SCHEMA public IS 'standard public schema';

CREATE TYPE public.correcao AS (
	id_pacote bigint,
	data_evento timestamp with time zone,
	status_rastreamento text,
	alvo text,
	recebido_em timestamp with time zone,
	detalhes jsonb
);

ALTER TYPE public.correcao OWNER TO rastreio_owner;

CREATE TYPE public.dito AS (
	data timestamp with time zone,
	origem text COLLATE pg_catalog."C",
	destino text COLLATE pg_catalog."C"
);

ALTER TYPE public.dito OWNER TO rastreio_owner;

CREATE TYPE public.evento AS (
	id_pacote bigint,
	data_evento timestamp with time zone,
	status_rastreamento text,
	recebido_em timestamp with time zone,
	detalhes jsonb
);

ALTER TYPE public.evento OWNER TO rastreio_owner;

CREATE TYPE public.lugares AS (
	origem text,
	destino text,
	data_origem timestamp with time zone,
	par_origem text,
	data_destino timestamp with time zone,
	par_destino text
);

ALTER TYPE public.lugares OWNER TO rastreio_owner;

CREATE TYPE public.marco AS (
	data timestamp with time zone,
	ordem smallint,
	status text COLLATE pg_catalog."C"
);

ALTER TYPE public.marco OWNER TO rastreio_owner;

CREATE TYPE public.situacao AS (
	atual public.marco,
	outro public.marco
);

ALTER TYPE public.situacao OWNER TO rastreio_owner;

CREATE FUNCTION conferencia.atraso(antes_de timestamp with time zone) RETURNS TABLE(hora timestamp with time zone, balde smallint, eventos bigint, segundos numeric)
    LANGUAGE sql STABLE
    AS $$
  SELECT date_trunc('hour', e.recebido_em, 'UTC'), balde(e.recebido_em - e.data_evento), count(*),
         sum(extract(epoch FROM e.recebido_em - e.data_evento))
  FROM eventos_rastreamento e
  WHERE e.data_evento < antes_de
  GROUP BY 1, 2
$$;

ALTER FUNCTION conferencia.atraso(antes_de timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION conferencia.historico(antes_de timestamp with time zone) RETURNS TABLE(hora timestamp with time zone, status text, eventos bigint, variacao bigint)
    LANGUAGE sql STABLE
    AS $$
  SELECT date_trunc('hour', p.data_evento, 'UTC'), u.status, sum(u.eventos)::bigint, sum(u.variacao)::bigint
  FROM conferencia.passos(antes_de) p,
    LATERAL (VALUES (p.status, 1, 0), (p.atual, 0, 1), (p.deixado, 0, -1)) AS u (status, eventos, variacao)
  WHERE p.contado AND u.status IS NOT NULL
  GROUP BY 1, 2 HAVING sum(u.eventos) <> 0 OR sum(u.variacao) <> 0
$$;

ALTER FUNCTION conferencia.historico(antes_de timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_lugares(inicio timestamp with time zone, o public.dito, d public.dito) RETURNS public.lugares
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((o = d) AND ((o).data = inicio)) THEN ROW((o).origem, (d).destino, NULL::timestamp with time zone, NULL::text, NULL::timestamp with time zone, NULL::text)::public.lugares ELSE ROW((o).origem, (d).destino, (o).data, (o).destino, (d).data, (d).origem)::public.lugares END;

ALTER FUNCTION public.junta_lugares(inicio timestamp with time zone, o public.dito, d public.dito) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.junta_lugares(inicio timestamp with time zone, o public.dito, d public.dito) IS 'The place columns of a package whose origin and destination two events (or one) say.';

CREATE TABLE public.eventos_anteriores (
    id_pacote bigint NOT NULL,
    data_evento timestamp with time zone NOT NULL,
    status_rastreamento text NOT NULL
);

ALTER TABLE public.eventos_anteriores OWNER TO rastreio_owner;

COMMENT ON TABLE public.eventos_anteriores IS 'The last removed event, and the last known one, of packages that have later ones (where pacotes still holds them, there may be no row). Rows count where they are before retencao.removidos_ate.';

CREATE TABLE public.eventos_rastreamento (
    id_pacote bigint NOT NULL,
    data_evento timestamp with time zone NOT NULL,
    status_rastreamento text NOT NULL,
    recebido_em timestamp with time zone DEFAULT now() NOT NULL,
    detalhes jsonb,
    CONSTRAINT eventos_rastreamento_status_rastreamento_check CHECK (((char_length(status_rastreamento) >= 1) AND (char_length(status_rastreamento) <= 100)))
);

ALTER TABLE public.eventos_rastreamento OWNER TO rastreio_owner;

COMMENT ON TABLE public.eventos_rastreamento IS 'Every accepted tracking event, once.';

COMMENT ON COLUMN public.eventos_rastreamento.recebido_em IS 'When Kafka got the event; minus data_evento it is the ingest delay.';

COMMENT ON COLUMN public.eventos_rastreamento.detalhes IS 'What the event says beside the other columns: local, codigo_evento, descricao, servico, transportadora, prazo, and its origem and destino where they are not those of pacotes; palavra: its status in the carrier''s word, where that is another one; relatos: the reports that it is made of, where their words are several. Null: nothing.';

CREATE TABLE public.retencao (
    unica boolean DEFAULT true NOT NULL,
    horizonte timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    removidos_ate timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fora_da_conta bigint DEFAULT 0 NOT NULL,
    CONSTRAINT retencao_check CHECK ((removidos_ate <= horizonte)),
    CONSTRAINT retencao_unica_check CHECK (unica)
);

ALTER TABLE public.retencao OWNER TO rastreio_owner;

COMMENT ON TABLE public.retencao IS 'One row: what became of old events.';

COMMENT ON COLUMN public.retencao.horizonte IS 'Writers refuse events before it: whether they were counted once already cannot be told any more.';

COMMENT ON COLUMN public.retencao.removidos_ate IS 'Events before it are removed. Behind horizonte while db:retain is at work.';

COMMENT ON COLUMN public.retencao.fora_da_conta IS 'Messages that are in the accounting as inserted and of which nothing is left: taken back, or corrections, and removed with old events; or exchanged for others (then less those).';

CREATE VIEW conferencia.eventos AS
 SELECT eventos_rastreamento.id_pacote,
    eventos_rastreamento.data_evento,
    eventos_rastreamento.status_rastreamento,
    eventos_rastreamento.detalhes,
    true AS contado
   FROM public.eventos_rastreamento
UNION ALL
 SELECT eventos_anteriores.id_pacote,
    eventos_anteriores.data_evento,
    eventos_anteriores.status_rastreamento,
    '{}'::jsonb AS detalhes,
    false AS contado
   FROM public.eventos_anteriores
  WHERE (eventos_anteriores.data_evento < ( SELECT retencao.removidos_ate
           FROM public.retencao));

ALTER VIEW conferencia.eventos OWNER TO rastreio_owner;

CREATE TABLE public.catalogo_status (
    status text NOT NULL,
    ordem smallint NOT NULL,
    terminal boolean NOT NULL,
    CONSTRAINT final_pela_ordem CHECK (((ordem > 0) AND (terminal = (ordem >= 60))))
);

ALTER TABLE public.catalogo_status OWNER TO rastreio_owner;

COMMENT ON TABLE public.catalogo_status IS 'Statuses with their rank among events of one instant: those of packages/contract/statuses.json (db:migrate) and those that rastreio status add added.';

CREATE TABLE public.pacotes (
    id_pacote bigint NOT NULL,
    origem text NOT NULL,
    destino text NOT NULL,
    data_criacao timestamp with time zone DEFAULT now() NOT NULL,
    status_atual text NOT NULL,
    data_status timestamp with time zone NOT NULL,
    ordem_status smallint NOT NULL,
    data_inicio timestamp with time zone NOT NULL,
    data_entrega timestamp with time zone,
    data_tentativa timestamp with time zone,
    aberto boolean GENERATED ALWAYS AS ((ordem_status < 60)) STORED NOT NULL,
    outra_data timestamp with time zone,
    outra_ordem smallint,
    outro_status text,
    data_origem timestamp with time zone,
    par_origem text,
    data_destino timestamp with time zone,
    par_destino text,
    transportadora text,
    data_transportadora timestamp with time zone,
    prazo_inicial timestamp with time zone,
    data_prazo_inicial timestamp with time zone,
    prazo_final timestamp with time zone,
    data_prazo_final timestamp with time zone,
    CONSTRAINT pacotes_destino_check CHECK (((char_length(destino) >= 1) AND (char_length(destino) <= 255))),
    CONSTRAINT pacotes_origem_check CHECK (((char_length(origem) >= 1) AND (char_length(origem) <= 255)))
)
WITH (fillfactor='70');

ALTER TABLE public.pacotes OWNER TO rastreio_owner;

COMMENT ON TABLE public.pacotes IS 'One row per package: its lane and its current state.';

COMMENT ON COLUMN public.pacotes.origem IS 'Of the earliest event that says it, ties by text; (não informado) where none does.';

COMMENT ON COLUMN public.pacotes.status_atual IS 'Of the known event with the greatest (data_evento, ordem, status) where that is a final one, else of the greatest of all.';

COMMENT ON COLUMN public.pacotes.data_inicio IS 'Instant of the earliest event.';

COMMENT ON COLUMN public.pacotes.data_entrega IS 'Instant of the latest ENTREGUE, null while not delivered.';

COMMENT ON COLUMN public.pacotes.data_tentativa IS 'Instant of the earliest TENTATIVA DE ENTREGA.';

COMMENT ON COLUMN public.pacotes.aberto IS 'The current status is not a final one.';

COMMENT ON COLUMN public.pacotes.outra_data IS 'Null but where the latest event is unknown and there is a known one. Later than data_status: the latest event, which leaves the final status as it is. Earlier: the latest known one.';

COMMENT ON COLUMN public.pacotes.data_origem IS 'Null: origem and destino are those of the event at data_inicio, as they nearly always are. Else the instant of the event that says origem, infinity where none does.';

COMMENT ON COLUMN public.pacotes.par_origem IS 'With data_origem: the destination that the event which says origem says, empty where it says none. Breaks ties.';

COMMENT ON COLUMN public.pacotes.data_destino IS 'As data_origem, of destino.';

COMMENT ON COLUMN public.pacotes.par_destino IS 'As par_origem: the origin that the event which says destino says.';

COMMENT ON COLUMN public.pacotes.transportadora IS 'Of the earliest event that says it, null where none does.';

COMMENT ON COLUMN public.pacotes.prazo_inicial IS 'The promise of the earliest event that says one.';

COMMENT ON COLUMN public.pacotes.prazo_final IS 'The promise of the latest event that says one.';

CREATE VIEW conferencia.pacotes AS
 WITH ordenados AS (
         SELECT e.id_pacote,
            e.data_evento,
            e.status_rastreamento,
            e.detalhes,
            e.contado,
            COALESCE((c.ordem)::integer, 0) AS ordem,
            (c.status IS NOT NULL) AS conhecido,
            COALESCE(c.terminal, false) AS terminal,
                CASE
                    WHEN (e.detalhes ? 'origem'::text) THEN ROW(e.data_evento, (e.detalhes ->> 'origem'::text), COALESCE((e.detalhes ->> 'par_origem'::text), (e.detalhes ->> 'destino'::text), ''::text))::public.dito
                    ELSE NULL::public.dito
                END AS dito_origem,
                CASE
                    WHEN (e.detalhes ? 'destino'::text) THEN ROW(e.data_evento, COALESCE((e.detalhes ->> 'par_destino'::text), (e.detalhes ->> 'origem'::text), ''::text), (e.detalhes ->> 'destino'::text))::public.dito
                    ELSE NULL::public.dito
                END AS dito_destino,
            (e.detalhes ->> 'transportadora'::text) AS transportadora,
            ((e.detalhes ->> 'prazo'::text))::timestamp with time zone AS prazo,
            COALESCE(((e.detalhes ->> 'prazo_em'::text))::timestamp with time zone, e.data_evento) AS prazo_em,
            (COALESCE((e.detalhes ->> 'prazo_final'::text), (e.detalhes ->> 'prazo'::text)))::timestamp with time zone AS prazo_final,
            COALESCE(((e.detalhes ->>
                CASE
                    WHEN (e.detalhes ? 'prazo_final'::text) THEN 'prazo_final_em'::text
                    ELSE 'prazo_em'::text
                END))::timestamp with time zone, e.data_evento) AS prazo_final_em
           FROM (conferencia.eventos e
             LEFT JOIN public.catalogo_status c ON ((c.status = e.status_rastreamento)))
          WHERE true
        ), extremos AS (
         SELECT ordenados.id_pacote,
            (array_agg(ordenados.status_rastreamento ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC, (ordenados.status_rastreamento COLLATE "C") DESC))[1] AS n_status,
            max(ordenados.data_evento) AS n_data,
            (array_agg(ordenados.ordem ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC))[1] AS n_ordem,
            (array_agg(ordenados.conhecido ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC))[1] AS n_conhecido,
            (array_agg(ordenados.status_rastreamento ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC) FILTER (WHERE ordenados.conhecido))[1] AS k_status,
            max(ordenados.data_evento) FILTER (WHERE ordenados.conhecido) AS k_data,
            (array_agg(ordenados.ordem ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC) FILTER (WHERE ordenados.conhecido))[1] AS k_ordem,
            (array_agg(ordenados.terminal ORDER BY ordenados.data_evento DESC, ordenados.ordem DESC) FILTER (WHERE ordenados.conhecido))[1] AS k_terminal,
            min(ordenados.data_evento) AS data_inicio,
            max(ordenados.data_evento) FILTER (WHERE (ordenados.status_rastreamento = 'ENTREGUE'::text)) AS data_entrega,
            min(ordenados.data_evento) FILTER (WHERE (ordenados.status_rastreamento = 'TENTATIVA DE ENTREGA'::text)) AS data_tentativa,
            min(ordenados.data_evento) FILTER (WHERE (ordenados.detalhes IS NULL)) AS data_simples,
            (array_agg(ordenados.dito_origem ORDER BY ordenados.dito_origem) FILTER (WHERE (ordenados.detalhes ? 'origem'::text)))[1] AS dito_origem,
            (array_agg(ordenados.dito_destino ORDER BY ordenados.dito_destino) FILTER (WHERE (ordenados.detalhes ? 'destino'::text)))[1] AS dito_destino,
            (array_agg(ordenados.transportadora ORDER BY ordenados.data_evento, (ordenados.transportadora COLLATE "C")) FILTER (WHERE (ordenados.transportadora IS NOT NULL)))[1] AS transportadora,
            min(ordenados.data_evento) FILTER (WHERE (ordenados.transportadora IS NOT NULL)) AS data_transportadora,
            (array_agg(ordenados.prazo ORDER BY ordenados.prazo_em, ordenados.prazo) FILTER (WHERE (ordenados.prazo IS NOT NULL)))[1] AS prazo_inicial,
            min(ordenados.prazo_em) FILTER (WHERE (ordenados.prazo IS NOT NULL)) AS data_prazo_inicial,
            (array_agg(ordenados.prazo_final ORDER BY ordenados.prazo_final_em DESC, ordenados.prazo_final DESC) FILTER (WHERE (ordenados.prazo IS NOT NULL)))[1] AS prazo_final,
            max(ordenados.prazo_final_em) FILTER (WHERE (ordenados.prazo IS NOT NULL)) AS data_prazo_final
           FROM ordenados
          GROUP BY ordenados.id_pacote
        ), estados AS (
         SELECT x.id_pacote,
            x.n_status,
            x.n_data,
            x.n_ordem,
            x.n_conhecido,
            x.k_status,
            x.k_data,
            x.k_ordem,
            x.k_terminal,
            x.data_inicio,
            x.data_entrega,
            x.data_tentativa,
            x.data_simples,
            x.dito_origem,
            x.dito_destino,
            x.transportadora,
            x.data_transportadora,
            x.prazo_inicial,
            x.data_prazo_inicial,
            x.prazo_final,
            x.data_prazo_final,
            x.fechado,
                CASE
                    WHEN x.fechado THEN x.k_status
                    ELSE x.n_status
                END AS status_atual,
                CASE
                    WHEN x.fechado THEN x.k_data
                    ELSE x.n_data
                END AS data_status,
                CASE
                    WHEN x.fechado THEN x.k_ordem
                    ELSE x.n_ordem
                END AS ordem_status,
                CASE
                    WHEN x.n_conhecido THEN NULL::text
                    WHEN x.fechado THEN x.n_status
                    ELSE x.k_status
                END AS outro_status,
                CASE
                    WHEN x.n_conhecido THEN NULL::timestamp with time zone
                    WHEN x.fechado THEN x.n_data
                    ELSE x.k_data
                END AS outra_data,
                CASE
                    WHEN (x.n_conhecido OR (x.k_data IS NULL)) THEN NULL::integer
                    WHEN x.fechado THEN x.n_ordem
                    ELSE x.k_ordem
                END AS outra_ordem
           FROM ( SELECT extremos.id_pacote,
                    extremos.n_status,
                    extremos.n_data,
                    extremos.n_ordem,
                    extremos.n_conhecido,
                    extremos.k_status,
                    extremos.k_data,
                    extremos.k_ordem,
                    extremos.k_terminal,
                    extremos.data_inicio,
                    extremos.data_entrega,
                    extremos.data_tentativa,
                    extremos.data_simples,
                    extremos.dito_origem,
                    extremos.dito_destino,
                    extremos.transportadora,
                    extremos.data_transportadora,
                    extremos.prazo_inicial,
                    extremos.data_prazo_inicial,
                    extremos.prazo_final,
                    extremos.data_prazo_final,
                    COALESCE(extremos.k_terminal, false) AS fechado
                   FROM extremos) x
        ), guardados AS (
         SELECT p.id_pacote,
            p.origem,
            p.destino,
            p.data_criacao,
            p.status_atual,
            p.data_status,
            p.ordem_status,
            p.data_inicio,
            p.data_entrega,
            p.data_tentativa,
            p.aberto,
            p.outra_data,
            p.outra_ordem,
            p.outro_status,
            p.data_origem,
            p.par_origem,
            p.data_destino,
            p.par_destino,
            p.transportadora,
            p.data_transportadora,
            p.prazo_inicial,
            p.data_prazo_inicial,
            p.prazo_final,
            p.data_prazo_final,
            (GREATEST(p.data_status, p.outra_data) < r.ate) AS quieto,
                CASE
                    WHEN (p.data_inicio < r.ate) THEN p.data_inicio
                    ELSE NULL::timestamp with time zone
                END AS a_inicio,
                CASE
                    WHEN (p.data_entrega < r.ate) THEN p.data_entrega
                    ELSE NULL::timestamp with time zone
                END AS a_entrega,
                CASE
                    WHEN (p.data_tentativa < r.ate) THEN p.data_tentativa
                    ELSE NULL::timestamp with time zone
                END AS a_tentativa,
                CASE
                    WHEN (COALESCE(p.data_origem, p.data_inicio) < r.ate) THEN ROW(COALESCE(p.data_origem, p.data_inicio), p.origem, COALESCE(p.par_origem, p.destino))::public.dito
                    ELSE NULL::public.dito
                END AS a_origem,
                CASE
                    WHEN (COALESCE(p.data_destino, p.data_inicio) < r.ate) THEN ROW(COALESCE(p.data_destino, p.data_inicio), COALESCE(p.par_destino, p.origem), p.destino)::public.dito
                    ELSE NULL::public.dito
                END AS a_destino,
            (p.data_transportadora < r.ate) AS a_transportadora,
                CASE
                    WHEN (p.data_inicio < r.ate) THEN COALESCE(p.prazo_inicial, p.prazo_final)
                    ELSE NULL::timestamp with time zone
                END AS a_prazo_inicial,
                CASE
                    WHEN (p.data_inicio < r.ate) THEN COALESCE(p.data_prazo_inicial, p.data_prazo_final)
                    ELSE NULL::timestamp with time zone
                END AS a_data_inicial,
                CASE
                    WHEN (p.data_inicio < r.ate) THEN COALESCE(p.prazo_final, p.prazo_inicial)
                    ELSE NULL::timestamp with time zone
                END AS a_prazo_final,
                CASE
                    WHEN (p.data_inicio < r.ate) THEN COALESCE(p.data_prazo_final, p.data_prazo_inicial)
                    ELSE NULL::timestamp with time zone
                END AS a_data_final
           FROM (public.pacotes p
             CROSS JOIN ( SELECT retencao.removidos_ate AS ate
                   FROM public.retencao) r)
          WHERE true
        ), juntos AS (
         SELECT id_pacote,
            COALESCE(e.status_atual, p.status_atual) AS status_atual,
            COALESCE(e.data_status, p.data_status) AS data_status,
            COALESCE(e.ordem_status, (p.ordem_status)::integer) AS ordem_status,
                CASE
                    WHEN (e.id_pacote IS NULL) THEN p.outra_data
                    ELSE e.outra_data
                END AS outra_data,
                CASE
                    WHEN (e.id_pacote IS NULL) THEN (p.outra_ordem)::integer
                    ELSE e.outra_ordem
                END AS outra_ordem,
                CASE
                    WHEN (e.id_pacote IS NULL) THEN p.outro_status
                    ELSE e.outro_status
                END AS outro_status,
            COALESCE(p.a_inicio, e.data_inicio) AS data_inicio,
            GREATEST(e.data_entrega, p.a_entrega) AS data_entrega,
            LEAST(e.data_tentativa, p.a_tentativa) AS data_tentativa,
            public.junta_lugares(COALESCE(p.a_inicio, e.data_inicio), LEAST(p.a_origem, e.dito_origem,
                CASE
                    WHEN (e.data_simples IS NOT NULL) THEN ROW(e.data_simples, p.origem, p.destino)::public.dito
                    ELSE NULL::public.dito
                END, ROW('infinity'::timestamp with time zone, '(não informado)'::text, ''::text)::public.dito), LEAST(p.a_destino, e.dito_destino,
                CASE
                    WHEN (e.data_simples IS NOT NULL) THEN ROW(e.data_simples, p.origem, p.destino)::public.dito
                    ELSE NULL::public.dito
                END, ROW('infinity'::timestamp with time zone, ''::text, '(não informado)'::text)::public.dito)) AS l,
                CASE
                    WHEN p.a_transportadora THEN p.transportadora
                    ELSE e.transportadora
                END AS transportadora,
                CASE
                    WHEN p.a_transportadora THEN p.data_transportadora
                    ELSE e.data_transportadora
                END AS data_transportadora,
                CASE
                    WHEN i.guardado THEN p.a_prazo_inicial
                    ELSE e.prazo_inicial
                END AS prazo_inicial,
                CASE
                    WHEN i.guardado THEN p.a_data_inicial
                    ELSE e.data_prazo_inicial
                END AS data_prazo_inicial,
                CASE
                    WHEN f.guardado THEN p.a_prazo_final
                    ELSE e.prazo_final
                END AS prazo_final,
                CASE
                    WHEN f.guardado THEN p.a_data_final
                    ELSE e.data_prazo_final
                END AS data_prazo_final
           FROM (((estados e
             FULL JOIN guardados p USING (id_pacote))
             CROSS JOIN LATERAL ( SELECT ((p.a_prazo_inicial IS NOT NULL) AND ((e.prazo_inicial IS NULL) OR (ROW(p.a_data_inicial, p.a_prazo_inicial) < ROW(e.data_prazo_inicial, e.prazo_inicial)))) AS guardado) i)
             CROSS JOIN LATERAL ( SELECT ((p.a_prazo_final IS NOT NULL) AND ((e.prazo_final IS NULL) OR (ROW(p.a_data_final, p.a_prazo_final) > ROW(e.data_prazo_final, e.prazo_final)))) AS guardado) f)
          WHERE ((e.id_pacote IS NOT NULL) OR p.quieto)
        )
 SELECT id_pacote,
    status_atual,
    data_status,
    ordem_status,
    outra_data,
    outra_ordem,
    outro_status,
    data_inicio,
    data_entrega,
    data_tentativa,
    (l).origem AS origem,
    (l).destino AS destino,
    (l).data_origem AS data_origem,
    (l).par_origem AS par_origem,
    (l).data_destino AS data_destino,
    (l).par_destino AS par_destino,
    transportadora,
    data_transportadora,
    prazo_inicial,
    data_prazo_inicial,
    prazo_final,
    data_prazo_final
   FROM juntos;

ALTER VIEW conferencia.pacotes OWNER TO rastreio_owner;

CREATE FUNCTION conferencia.pacotes_de(ids bigint[], de timestamp with time zone, ate timestamp with time zone) RETURNS SETOF conferencia.pacotes
    LANGUAGE sql STABLE
    AS $$
WITH ordenados AS (
  SELECT e.*, coalesce(c.ordem, 0) AS ordem, c.status IS NOT NULL AS conhecido, coalesce(c.terminal, false) AS terminal,
         CASE WHEN e.detalhes ? 'origem'
           THEN ROW(e.data_evento, e.detalhes->>'origem', coalesce(e.detalhes->>'par_origem', e.detalhes->>'destino', ''))::dito END AS dito_origem,
         CASE WHEN e.detalhes ? 'destino'
           THEN ROW(e.data_evento, coalesce(e.detalhes->>'par_destino', e.detalhes->>'origem', ''), e.detalhes->>'destino')::dito END AS dito_destino,
         e.detalhes->>'transportadora' AS transportadora,
         (e.detalhes->>'prazo')::timestamptz AS prazo,
         coalesce((e.detalhes->>'prazo_em')::timestamptz, e.data_evento) AS prazo_em,
         coalesce(e.detalhes->>'prazo_final', e.detalhes->>'prazo')::timestamptz AS prazo_final,
         coalesce((e.detalhes->>CASE WHEN e.detalhes ? 'prazo_final' THEN 'prazo_final_em' ELSE 'prazo_em' END)::timestamptz, e.data_evento) AS prazo_final_em
  FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  WHERE e.id_pacote = ANY (ids) AND (e.data_evento BETWEEN pacotes_de.de AND pacotes_de.ate OR NOT e.contado)
),
extremos AS (
  SELECT
    id_pacote,
    (array_agg(status_rastreamento ORDER BY data_evento DESC, ordem DESC, status_rastreamento COLLATE "C" DESC))[1] AS n_status,
    max(data_evento) AS n_data,
    (array_agg(ordem ORDER BY data_evento DESC, ordem DESC))[1] AS n_ordem,
    (array_agg(conhecido ORDER BY data_evento DESC, ordem DESC))[1] AS n_conhecido,
    (array_agg(status_rastreamento ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_status,
    max(data_evento) FILTER (WHERE conhecido) AS k_data,
    (array_agg(ordem ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_ordem,
    (array_agg(terminal ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_terminal,
    min(data_evento) AS data_inicio,
    max(data_evento) FILTER (WHERE status_rastreamento = 'ENTREGUE') AS data_entrega,
    min(data_evento) FILTER (WHERE status_rastreamento = 'TENTATIVA DE ENTREGA') AS data_tentativa,
    min(data_evento) FILTER (WHERE detalhes IS NULL) AS data_simples,
    (array_agg(dito_origem ORDER BY dito_origem) FILTER (WHERE detalhes ? 'origem'))[1] AS dito_origem,
    (array_agg(dito_destino ORDER BY dito_destino) FILTER (WHERE detalhes ? 'destino'))[1] AS dito_destino,
    (array_agg(transportadora ORDER BY data_evento, transportadora COLLATE "C") FILTER (WHERE transportadora IS NOT NULL))[1] AS transportadora,
    min(data_evento) FILTER (WHERE transportadora IS NOT NULL) AS data_transportadora,
    (array_agg(prazo ORDER BY prazo_em, prazo) FILTER (WHERE prazo IS NOT NULL))[1] AS prazo_inicial,
    min(prazo_em) FILTER (WHERE prazo IS NOT NULL) AS data_prazo_inicial,
    (array_agg(prazo_final ORDER BY prazo_final_em DESC, prazo_final DESC) FILTER (WHERE prazo IS NOT NULL))[1] AS prazo_final,
    max(prazo_final_em) FILTER (WHERE prazo IS NOT NULL) AS data_prazo_final
  FROM ordenados
  GROUP BY id_pacote
),
estados AS (
  SELECT
    x.*,
    CASE WHEN fechado THEN k_status ELSE n_status END AS status_atual,
    CASE WHEN fechado THEN k_data ELSE n_data END AS data_status,
    CASE WHEN fechado THEN k_ordem ELSE n_ordem END AS ordem_status,
    CASE WHEN n_conhecido THEN NULL WHEN fechado THEN n_status ELSE k_status END AS outro_status,
    CASE WHEN n_conhecido THEN NULL WHEN fechado THEN n_data ELSE k_data END AS outra_data,
    CASE WHEN n_conhecido OR k_data IS NULL THEN NULL WHEN fechado THEN n_ordem ELSE k_ordem END AS outra_ordem
  FROM (SELECT *, coalesce(k_terminal, false) AS fechado FROM extremos) AS x
),
guardados AS (
  SELECT p.*, greatest(p.data_status, p.outra_data) < r.ate AS quieto,
         CASE WHEN p.data_inicio < r.ate THEN p.data_inicio END AS a_inicio,
         CASE WHEN p.data_entrega < r.ate THEN p.data_entrega END AS a_entrega,
         CASE WHEN p.data_tentativa < r.ate THEN p.data_tentativa END AS a_tentativa,
         CASE WHEN coalesce(p.data_origem, p.data_inicio) < r.ate
           THEN ROW(coalesce(p.data_origem, p.data_inicio), p.origem, coalesce(p.par_origem, p.destino))::dito END AS a_origem,
         CASE WHEN coalesce(p.data_destino, p.data_inicio) < r.ate
           THEN ROW(coalesce(p.data_destino, p.data_inicio), coalesce(p.par_destino, p.origem), p.destino)::dito END AS a_destino,
         p.data_transportadora < r.ate AS a_transportadora,
         -- Of a package with removed events: where one of the two is gone, the other is what is still known. When a promise was said tells nothing of its
         -- event's instant, so what pacotes says is taken to be from the removed ones; troca_eventos forgets what the events that it takes out said.
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.prazo_inicial, p.prazo_final) END AS a_prazo_inicial,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.data_prazo_inicial, p.data_prazo_final) END AS a_data_inicial,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.prazo_final, p.prazo_inicial) END AS a_prazo_final,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.data_prazo_final, p.data_prazo_inicial) END AS a_data_final
  FROM pacotes p CROSS JOIN (SELECT removidos_ate AS ate FROM retencao) AS r
  WHERE p.id_pacote = ANY (ids)
),
juntos AS (
  SELECT
    id_pacote,
    coalesce(e.status_atual, p.status_atual) AS status_atual,
    coalesce(e.data_status, p.data_status) AS data_status,
    coalesce(e.ordem_status, p.ordem_status) AS ordem_status,
    CASE WHEN e.id_pacote IS NULL THEN p.outra_data ELSE e.outra_data END AS outra_data,
    CASE WHEN e.id_pacote IS NULL THEN p.outra_ordem ELSE e.outra_ordem END AS outra_ordem,
    CASE WHEN e.id_pacote IS NULL THEN p.outro_status ELSE e.outro_status END AS outro_status,
    coalesce(p.a_inicio, e.data_inicio) AS data_inicio,
    greatest(e.data_entrega, p.a_entrega) AS data_entrega,
    least(e.data_tentativa, p.a_tentativa) AS data_tentativa,
    junta_lugares(
      coalesce(p.a_inicio, e.data_inicio),
      least(p.a_origem, e.dito_origem, CASE WHEN e.data_simples IS NOT NULL THEN ROW(e.data_simples, p.origem, p.destino)::dito END,
            ROW('infinity', '(não informado)', '')::dito),
      least(p.a_destino, e.dito_destino, CASE WHEN e.data_simples IS NOT NULL THEN ROW(e.data_simples, p.origem, p.destino)::dito END,
            ROW('infinity', '', '(não informado)')::dito)
    ) AS l,
    CASE WHEN p.a_transportadora THEN p.transportadora ELSE e.transportadora END AS transportadora,
    CASE WHEN p.a_transportadora THEN p.data_transportadora ELSE e.data_transportadora END AS data_transportadora,
    CASE WHEN i.guardado THEN p.a_prazo_inicial ELSE e.prazo_inicial END AS prazo_inicial,
    CASE WHEN i.guardado THEN p.a_data_inicial ELSE e.data_prazo_inicial END AS data_prazo_inicial,
    CASE WHEN f.guardado THEN p.a_prazo_final ELSE e.prazo_final END AS prazo_final,
    CASE WHEN f.guardado THEN p.a_data_final ELSE e.data_prazo_final END AS data_prazo_final
  FROM estados e FULL JOIN guardados p USING (id_pacote)
  -- Whether what is known of removed events was said before (after) all that the others say.
  CROSS JOIN LATERAL (
    SELECT p.a_prazo_inicial IS NOT NULL
       AND (e.prazo_inicial IS NULL OR (p.a_data_inicial, p.a_prazo_inicial) < (e.data_prazo_inicial, e.prazo_inicial)) AS guardado
  ) AS i
  CROSS JOIN LATERAL (
    SELECT p.a_prazo_final IS NOT NULL
       AND (e.prazo_final IS NULL OR (p.a_data_final, p.a_prazo_final) > (e.data_prazo_final, e.prazo_final)) AS guardado
  ) AS f
  WHERE e.id_pacote IS NOT NULL OR p.quieto
)
SELECT
  id_pacote, status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa,
  (l).origem, (l).destino, (l).data_origem, (l).par_origem, (l).data_destino, (l).par_destino,
  transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final
FROM juntos$$;

ALTER FUNCTION conferencia.pacotes_de(ids bigint[], de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION conferencia.passos(antes_de timestamp with time zone) RETURNS TABLE(data_evento timestamp with time zone, status text, de text, duracao interval, contado boolean, atual text, deixado text)
    LANGUAGE sql STABLE
    AS $$
  WITH grupos AS (
    SELECT e.*, c.terminal, count(c.status) OVER anterior AS grupo, row_number() OVER anterior AS n
    FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento < antes_de
    WINDOW anterior AS (PARTITION BY e.id_pacote ORDER BY e.data_evento, coalesce(c.ordem, 0), e.status_rastreamento COLLATE "C")
  ),
  situacoes AS (
    SELECT g.*,
           CASE WHEN first_value(g.terminal) OVER w THEN first_value(g.status_rastreamento) OVER w ELSE g.status_rastreamento END AS atual
    FROM grupos g WINDOW w AS (PARTITION BY g.id_pacote, g.grupo ORDER BY g.n)
  )
  SELECT
    s.data_evento, s.status_rastreamento,
    lag(s.status_rastreamento) OVER anterior,
    s.data_evento - lag(s.data_evento) OVER anterior,
    s.contado, s.atual, lag(s.atual) OVER anterior
  FROM situacoes s
  WINDOW anterior AS (PARTITION BY s.id_pacote ORDER BY s.n)
$$;

ALTER FUNCTION conferencia.passos(antes_de timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION conferencia.permanencia(antes_de timestamp with time zone) RETURNS TABLE(dia date, status text, balde smallint, passagens bigint, segundos numeric)
    LANGUAGE sql STABLE
    AS $$
  SELECT (p.data_evento AT TIME ZONE 'UTC')::date, p.de, balde(p.duracao), count(*), sum(extract(epoch FROM p.duracao))
  FROM conferencia.passos(antes_de) p
  WHERE p.contado AND p.de IS NOT NULL
  GROUP BY 1, 2, 3
$$;

ALTER FUNCTION conferencia.permanencia(antes_de timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.anota_grafias(textos text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  novas CONSTANT text[] := insere_grafias(textos);
BEGIN
  IF cardinality(novas) > 0 THEN PERFORM julga_de_novo(novas); END IF;
END
$$;

ALTER FUNCTION public.anota_grafias(textos text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.anota_grafias(textos text[]) IS 'Adds the spellings that the dictionary of places does not have.';

CREATE FUNCTION public.anota_limites() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_TABLE_NAME = 'limites' THEN
    IF NEW.valor IS DISTINCT FROM OLD.valor THEN
      INSERT INTO mudancas_de_limites (nome, antes, depois) VALUES (NEW.nome, OLD.valor, NEW.valor);
    END IF;
    RETURN NULL;
  END IF;
  -- A lane's row may change its lane: that is one limit less and one more.
  IF TG_OP = 'UPDATE' AND (NEW.nome, NEW.origem, NEW.destino) = (OLD.nome, OLD.origem, OLD.destino) THEN
    IF NEW.valor IS DISTINCT FROM OLD.valor THEN
      INSERT INTO mudancas_de_limites (nome, origem, destino, antes, depois) VALUES (NEW.nome, NEW.origem, NEW.destino, OLD.valor, NEW.valor);
    END IF;
    RETURN NULL;
  END IF;
  IF TG_OP IN ('UPDATE', 'DELETE') THEN
    INSERT INTO mudancas_de_limites (nome, origem, destino, antes) VALUES (OLD.nome, OLD.origem, OLD.destino, OLD.valor);
  END IF;
  IF TG_OP IN ('UPDATE', 'INSERT') THEN
    PERFORM anota_grafias(ARRAY[NEW.origem, NEW.destino]);
    INSERT INTO mudancas_de_limites (nome, origem, destino, depois) VALUES (NEW.nome, NEW.origem, NEW.destino, NEW.valor);
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.anota_limites() OWNER TO rastreio_owner;

CREATE FUNCTION public.anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM anota_par(p.id_pacote, u.origem, u.destino, p.data_inicio, greatest(p.data_status, p.outra_data))
  FROM unnest(pacotes_, origens, destinos) AS u (id_pacote, origem, destino)
  JOIN pacotes p USING (id_pacote)
  WHERE (p.origem, p.destino) <> (u.origem, u.destino);
END
$$;

ALTER FUNCTION public.anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) IS 'Called within a batch after its packages are merged, with the pairs that they had before.';

CREATE FUNCTION public.anota_par(pacote bigint, origem text, destino text, inicio timestamp with time zone, fim timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM eventos_rastreamento e WHERE e.id_pacote = pacote AND e.data_evento BETWEEN inicio AND fim AND e.detalhes IS NULL) THEN
    PERFORM sem_limite_de_colunas();
    EXECUTE format(
      'UPDATE eventos_rastreamento SET detalhes = %L::jsonb '
      'WHERE id_pacote = %L::bigint AND data_evento BETWEEN %L::timestamptz AND %L::timestamptz AND detalhes IS NULL',
      jsonb_build_object('origem', origem, 'destino', destino), pacote, inicio, fim);
  END IF;
END
$$;

ALTER FUNCTION public.anota_par(pacote bigint, origem text, destino text, inicio timestamp with time zone, fim timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.anota_rotas() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM novas) THEN RETURN NULL; END IF;
  PERFORM anota_grafias(ARRAY(SELECT origem FROM novas UNION SELECT destino FROM novas));
  RETURN NULL;
END
$$;

ALTER FUNCTION public.anota_rotas() OWNER TO rastreio_owner;

CREATE FUNCTION public.aplica_correcoes(ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  inicio   timestamptz;
  fim      timestamptz;
  restam   evento[];
  saem     evento[];
  voltam   evento[];
BEGIN
  SELECT min(data_inicio), max(greatest(data_status, outra_data)) INTO inicio, fim FROM pacotes WHERE id_pacote = ANY (ids);
  SELECT array_agg(ROW(r.*, NULL, NULL)::evento) INTO restam FROM eventos_restantes(ids, inicio, fim) AS r;
  SELECT array_agg(ROW(e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em, e.detalhes)::evento) INTO saem
  FROM eventos_rastreamento e
  WHERE e.id_pacote = ANY (ids) AND e.data_evento BETWEEN greatest(inicio, horizonte_) AND fim
    AND (e.id_pacote, e.data_evento, e.status_rastreamento) NOT IN (SELECT r.id_pacote, r.data_evento, r.status_rastreamento FROM unnest(restam) AS r);
  WITH fora AS (
    DELETE FROM eventos_corrigidos e USING unnest(restam) AS r
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento)
    RETURNING e.*
  )
  SELECT array_agg(ROW(f.id_pacote, f.data_evento, f.status_rastreamento, f.recebido_em, f.detalhes)::evento) INTO voltam FROM fora f;
  INSERT INTO eventos_corrigidos (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
  SELECT s.* FROM unnest(troca_eventos(saem, voltam)) AS s;
END
$$;

ALTER FUNCTION public.aplica_correcoes(ids bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.arruma_grafias(nomes text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
BEGIN
  IF nomes IS NULL THEN
    UPDATE grafias g SET (dita, nome) = (c.dita, c.nome) FROM conferencia.grafias c WHERE c.grafia = g.grafia AND (c.dita, c.nome) <> (g.dita, g.nome);
  END IF;
  WITH certas AS MATERIALIZED (
    -- As conferencia.grafias, from what is folded already.
    SELECT grafia, antes, lugar, nome || '/' || r.regiao AS chave, nullif(r.regiao, '') AS regiao
    FROM (
      SELECT p.*, min(nullif(sua, '')) OVER w AS primeira, max(nullif(sua, '')) OVER w AS ultima
      FROM (SELECT g.grafia, g.nome, g.chave AS antes, g.lugar, substring(g.dita FROM '[^/]*$') AS sua FROM grafias g WHERE nomes IS NULL OR g.nome = ANY (nomes)) AS p
      WINDOW w AS (PARTITION BY nome)
    ) AS n CROSS JOIN LATERAL (SELECT CASE WHEN sua = '' AND primeira = ultima THEN primeira ELSE sua END AS regiao) AS r
  ),
  lugares AS MATERIALIZED (
    SELECT c.chave,
           coalesce((SELECT min(g.id_lugar) FROM grafias g WHERE g.chave = c.chave), nextval('numeros_dos_lugares')::integer) AS id_lugar,
           -- The one that is shown goes on to be while it is of the place.
           coalesce(min(c.lugar) FILTER (WHERE c.grafia = c.lugar AND c.antes = c.chave), min(c.grafia COLLATE "C")) AS lugar
    FROM certas c GROUP BY c.chave
  )
  UPDATE grafias g SET (chave, id_lugar, lugar, regiao) = (c.chave, l.id_lugar, l.lugar, c.regiao)
  FROM certas c JOIN lugares l USING (chave)
  WHERE g.grafia = c.grafia AND (g.chave, g.id_lugar, g.lugar, g.regiao) IS DISTINCT FROM (c.chave, l.id_lugar, l.lugar, c.regiao);
END
$_$;

ALTER FUNCTION public.arruma_grafias(nomes text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.atraso_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(eventos bigint, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, p99_segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    coalesce(sum(b.eventos), 0)::bigint,
    -- Bucket 0 holds all delays below 25 ms and all negative ones, which count as 0 here as they do in percentiles.
    (sum(CASE WHEN b.balde = 0 THEN greatest(b.segundos, 0) ELSE b.segundos END) / nullif(sum(b.eventos), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde))
  FROM (
    SELECT r.balde, sum(r.eventos)::bigint AS eventos, sum(r.segundos) AS segundos
    FROM resumo_atraso r
    WHERE r.hora BETWEEN inicio_da_hora(de) AND ate
    GROUP BY r.balde
  ) AS b
$$;

ALTER FUNCTION public.atraso_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.atraso_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'Ingest delay (receipt by Kafka minus the event''s own time) of the events received in the hours of the range.';

CREATE FUNCTION public.atraso_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) RETURNS TABLE("time" timestamp with time zone, eventos bigint, p50_segundos double precision, p95_segundos double precision, p99_segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    b.inicio,
    sum(b.eventos)::bigint,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde))
  FROM (
    SELECT time_bucket(passo_do_atraso(passo, de, ate), x.inicio) AS inicio, x.balde, sum(x.eventos)::bigint AS eventos
    FROM (
      SELECT r.hora AS inicio, r.balde, r.eventos
      FROM resumo_atraso r
      WHERE passo_do_atraso(passo, de, ate) < interval '24 hours' AND r.hora >= inicio_da_hora(de) AND r.hora <= ate
      UNION ALL
      SELECT r.dia::timestamp AT TIME ZONE 'UTC', r.balde, r.eventos
      FROM resumo_atraso_dia r
      WHERE passo_do_atraso(passo, de, ate) >= interval '24 hours' AND r.dia >= (de AT TIME ZONE 'UTC')::date AND r.dia <= (ate AT TIME ZONE 'UTC')::date
    ) AS x
    GROUP BY 1, 2
  ) AS b
  GROUP BY b.inicio
  HAVING sum(b.eventos) > 0
  ORDER BY b.inicio
$$;

ALTER FUNCTION public.atraso_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.atraso_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) IS 'Ingest delay of the events received in the range, by step: whole hours, whole days (UTC) from a day on and in ranges over 31 days.';

CREATE FUNCTION public.limites_dos_baldes() RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{25000,26000,27000,28000,29000,30000,31000,32000,33000,34000,35000,36000,37000,38000,39000,40000,41000,42000,43000,44000,45000,46000,47000,48000,49000,50000,52000,54000,56000,58000,60000,62000,64000,66000,68000,70000,72000,74000,76000,79000,82000,85000,88000,91000,94000,97000,100000,104000,108000,112000,116000,120000,124000,128000,133000,138000,143000,148000,153000,159000,165000,171000,177000,184000,191000,198000,205000,213000,221000,229000,238000,247000,256000,266000,276000,287000,298000,309000,321000,333000,346000,359000,373000,387000,402000,418000,434000,451000,469000,487000,506000,526000,547000,568000,590000,613000,637000,662000,688000,715000,743000,772000,802000,834000,867000,901000,937000,974000,1012000,1052000,1094000,1137000,1182000,1229000,1278000,1329000,1382000,1437000,1494000,1553000,1615000,1679000,1746000,1815000,1887000,1962000,2040000,2121000,2205000,2293000,2384000,2479000,2578000,2681000,2788000,2899000,3014000,3134000,3259000,3389000,3524000,3664000,3810000,3962000,4120000,4284000,4455000,4633000,4818000,5010000,5210000,5418000,5634000,5859000,6093000,6336000,6589000,6852000,7126000,7411000,7707000,8015000,8335000,8668000,9014000,9374000,9748000,10137000,10542000,10963000,11401000,11857000,12331000,12824000,13336000,13869000,14423000,14999000,15598000,16221000,16869000,17543000,18244000,18973000,19731000,20520000,21340000,22193000,23080000,24003000,24963000,25961000,26999000,28078000,29201000,30369000,31583000,32846000,34159000,35525000,36946000,38423000,39959000,41557000,43219000,44947000,46744000,48613000,50557000,52579000,54682000,56869000,59143000,61508000,63968000,66526000,69187000,71954000,74832000,77825000,80938000,84175000,87542000,91043000,94684000,98471000,102409000,106505000,110765000,115195000,119802000,124594000,129577000,134760000,140150000,145756000,151586000,157649000,163954000,170512000,177332000,184425000,191802000,199474000,207452000,215750000,224380000,233355000,242689000,252396000,262491000,272990000,283909000,295265000,307075000,319358000,332132000,345417000,359233000,373602000,388546000,404087000,420250000,437060000,454542000,472723000,491631000,511296000,531747000,553016000,575136000,598141000,622066000,646948000,672825000,699738000,727727000,756836000,787109000,818593000,851336000,885389000,920804000,957636000,995941000,1035778000,1077209000,1120297000,1165108000,1211712000,1260180000,1310587000,1363010000,1417530000,1474231000,1533200000,1594528000,1658309000,1724641000,1793626000,1865371000,1939985000,2017584000,2098287000,2182218000,2269506000,2360286000,2454697000,2552884000,2654999000,2761198000,2871645000,2986510000,3105970000,3230208000,3359416000,3493792000,3633543000,3778884000,3930039000,4087240000,4250729000,4420758000,4597588000,4781491000,4972750000,5171660000,5378526000,5593667000,5817413000,6050109000,6292113000,6543797000,6805548000,7077769000,7360879000,7655314000,7961526000,8279987000,8611186000,8955633000,9313858000,9686412000,10073868000,10476822000,10895894000,11331729000,11784998000,12256397000,12746652000,13256518000,13786778000,14338249000,14911778000,15508249000,16128578000,16773721000,17444669000,18142455000,18868153000,19622879000,20407794000,21224105000,22073069000,22955991000,23874230000,24829199000,25822366000,26855260000,27929470000,29046648000,30208513000,31416853000,32673527000,33980468000,35339686000,36753273000,38223403000,39752339000,41342432000,42996129000,44715974000,46504612000,48364796000,50299387000,52311362000,54403816000,56579968000,58843166000,61196892000,63644767000,66190557000,68838179000,71591706000,74455374000,77433588000,80530931000,83752168000,87102254000,90586344000,94209797000,97978188000,101897315000,105973207000,110212135000,114620620000,119205444000,123973661000,128932607000,134089911000,139453507000,145031647000,150832912000,156866228000,163140877000,169666512000,176453172000,183511298000,190851749000,198485818000,206425250000,214682260000,223269550000,232200332000,241488345000,251147878000,261193793000,271641544000,282507205000,293807493000,305559792000,317782183000,330493470000,343713208000,357461736000,371760205000,386630613000,402095837000,418179670000,434906856000,452303130000,470395255000,489211065000,508779507000,529130687000,550295914000,572307750000,595200060000,619008062000,643768384000,669519119000,696299883000,724151878000,753117953000,783242671000,814572377000,847155272000,881041482000,916283141000,952934466000,991051844000,1030693917000,1071921673000,1114798539000,1159390480000,1205766099000,1253996742000,1304156611000,1356322875000,1410575790000,1466998821000,1525678773000,1586705923000,1650174159000,1716181125000,1784828370000,1856221504000,1930470364000,2007689178000,2087996745000,2171516614000,2258377278000,2348712369000,2442660863000,2540367297000,2641981988000,2747661267000,2857567717000,2971870425000,3090745242000,3214375051000,3342950053000,3476668055000,3615734777000,3760364168000,3910778734000,4067209883000,4229898278000,4399094209000,4575057977000,4758060296000,4948382707000,5146318015000,5352170735000,5566257564000,5788907866000,6020464180000,6261282747000,6511734056000,6772203418000,7043091554000,7324815216000,7617807824000,7922520136000,8239420941000,8568997778000,8911757689000,9268227996000,9638957115000,10024515399000,10425496014000,10842515854000,11276216488000,11727265147000,12196355752000,12684209982000,13191578381000,13719241516000,14268011176000,14838731623000,15432280887000,16049572122000,16691555006000,17359217206000,18053585894000,18775729329000,19526758502000,20307828842000,21120141995000,21964947674000,22843545580000,23757287403000,24707578899000,25695882054000,26723717336000,27792666029000,28904372670000,30060547576000,31262969479000,32513488258000,33814027788000,35166588899000,36573252454000,38036182552000,39557629854000,41139935048000,42785532449000,44496953746000,46276831895000,48127905170000,50053021376000,52055142231000,54137347920000,56302841836000,58554955509000,60897153729000,63333039878000,65866361473000,68501015931000,71241056568000,74090698830000,77054326783000,80136499854000,83341959848000,86675638241000,90142663770000,93748370320000,97498305132000,101398237337000,105454166830000,109672333503000,114059226843000,118621595916000,123366459752000,128301118142000,133433162867000,138770489381000,144321308956000,150094161314000,156097927766000,162341844876000,168835518671000,175588939417000,182612496993000,189916996872000,197513676746000,205414223815000,213630792767000,222176024477000,231063065456000,240305588074000,249917811596000,259914524059000,270311105021000,281123549221000,292368491189000,304063230836000,316225760069000}'::bigint[];

ALTER FUNCTION public.limites_dos_baldes() OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.limites_dos_baldes() IS 'Where buckets 1, 2, ... begin, in microseconds.';

CREATE FUNCTION public.balde(duracao interval) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (width_bucket(((EXTRACT(epoch FROM duracao) * (1000000)::numeric))::bigint, public.limites_dos_baldes()))::smallint;

ALTER FUNCTION public.balde(duracao interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.balde(duracao interval) IS 'The bucket of a duration; 0 below 25 ms, negative ones included.';

CREATE FUNCTION public.baldes_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(balde smallint, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint, no_prazo_final bigint, tentativa_no_prazo bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate))
  SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
  FROM resumo_entregas r
  WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate) AND r.dia > '-infinity'
    AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
  UNION ALL
  SELECT e.balde, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo
  FROM entregas_das_pontas(de, ate) AS e
$$;

ALTER FUNCTION public.baldes_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.cartas_do_pacote(pacote bigint) RETURNS TABLE(rejeitado_em timestamp with time zone, motivo text, campo text, detalhe text, estado text, lugar text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT c.rejeitado_em, c.motivo, c.campo, c.detalhe, c.estado, c.lugar
  FROM eventos_rejeitados e JOIN cartas c USING (topico, particao, deslocamento, vida)
  WHERE e.chave IN (
    SELECT convert_to(pacote::text, 'UTF8')
    UNION ALL SELECT convert_to(k.transportadora || '/' || k.codigo, 'UTF8') FROM codigos k WHERE k.id_pacote = pacote
  )
  ORDER BY c.rejeitado_em DESC, c.lugar
$$;

ALTER FUNCTION public.cartas_do_pacote(pacote bigint) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.cartas_do_pacote(pacote bigint) IS 'The dead letters whose key is the number of the package or one of its tracking numbers, newest first.';

CREATE FUNCTION public.cartas_mortas(de timestamp with time zone, ate timestamp with time zone, limite integer) RETURNS TABLE(rejeitado_em timestamp with time zone, motivo text, campo text, detalhe text, estado text, lugar text, comando text)
    LANGUAGE sql STABLE
    AS $_$
  SELECT c.rejeitado_em, c.motivo, c.campo, c.detalhe, c.estado, c.lugar,
         'npm run dlq -- replay ' || CASE WHEN c.place ~ '^[A-Za-z0-9_.:/@%+-]+$' THEN c.place ELSE '''' || replace(c.place, '''', '''\''''') || '''' END
           || CASE WHEN c.estado = 'aberto' THEN '' ELSE ' --again' END
  FROM (
    SELECT *, topico || ':' || particao || ':' || deslocamento || CASE WHEN vida > 1 THEN '@' || vida ELSE '' END AS place
    FROM cartas WHERE cartas.rejeitado_em >= de AND cartas.rejeitado_em <= ate
    ORDER BY cartas.rejeitado_em DESC, topico, particao, deslocamento DESC, vida DESC LIMIT limite
  ) AS c
  ORDER BY c.rejeitado_em DESC, c.topico, c.particao, c.deslocamento DESC, c.vida DESC
$_$;

ALTER FUNCTION public.cartas_mortas(de timestamp with time zone, ate timestamp with time zone, limite integer) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.cartas_mortas(de timestamp with time zone, ate timestamp with time zone, limite integer) IS 'The newest dead letters of the range: why each was rejected, where it is, and the command that sends it again.';

CREATE FUNCTION public.chave_da_rota(de integer, para integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (de < para) THEN (((para)::bigint * para) + de) ELSE ((((de)::bigint * de) + de) + para) END;

ALTER FUNCTION public.chave_da_rota(de integer, para integer) OWNER TO rastreio_owner;

CREATE FUNCTION public.comparacao_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text DEFAULT 'cidade'::text) RETURNS TABLE(rota text, origem text, destino text, entregas bigint, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_na_primeira double precision, entregas_antes bigint, p50_antes double precision, p95_antes double precision, taxa_antes double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(b.rota, a.rota), origem, destino, coalesce(b.entregas, 0), b.tempo_medio_segundos, b.p50_segundos, b.p95_segundos,
         b.taxa_no_prazo, b.taxa_na_primeira, coalesce(a.entregas, 0), a.p50_segundos, a.p95_segundos, a.taxa_no_prazo,
         b.taxa_no_prazo_final, b.taxa_tentativa_no_prazo
  FROM entregas_por_rota(de, ate, nivel) AS b
  FULL JOIN entregas_por_rota(de - make_interval(hours => 28 * 24), de - interval '1 microsecond', nivel) AS a USING (origem, destino)
$$;

ALTER FUNCTION public.comparacao_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.comparacao_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text) IS 'Deliveries of the range by lane (entregas_por_rota), beside those of the four weeks before it; also lanes that only had some then.';

CREATE FUNCTION public.contabilidade(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, diferenca bigint, cartas bigint, diferenca_cartas bigint, nunca_chegaram bigint, sem_hora bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT c.consumidos, c.inseridos, c.duplicados, c.rejeitados, c.consumidos - c.inseridos - c.duplicados - c.rejeitados,
         r.cartas, r.cartas - c.rejeitados, p.perdidas, s.sem_hora
  FROM ingestao_no_periodo(de, ate) AS c,
    (SELECT count(*) AS cartas FROM eventos_rejeitados e
     WHERE e.rejeitado_em >= date_trunc('minute', de) AND e.rejeitado_em < date_trunc('minute', ate) + interval '1 minute') AS r,
    (SELECT coalesce(sum(m.ate - m.desde), 0)::bigint AS perdidas FROM mensagens_perdidas m
     WHERE m.percebido_em >= date_trunc('minute', contabilidade.de) AND m.percebido_em < date_trunc('minute', contabilidade.ate) + interval '1 minute') AS p,
    (SELECT coalesce(sum(i.sem_hora), 0)::bigint AS sem_hora FROM ingestao i
     WHERE i.sem_hora > 0 AND i.minuto >= date_trunc('minute', de) AND i.minuto <= ate) AS s
$$;

ALTER FUNCTION public.contabilidade(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.contabilidade(de timestamp with time zone, ate timestamp with time zone) IS 'The accounting of the minutes of the range, and the dead letters of the same minutes. diferenca is always 0; diferenca_cartas is below 0 where rejected messages were read again, and never above. nunca_chegaram: messages that Kafka removed before they were read, by when that was noticed; sem_hora: messages whose own time in Kafka could not be true.';

CREATE FUNCTION public.contas_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT r.consumidos, r.inseridos, r.duplicados, r.rejeitados
  FROM resumo_ingestao r
  WHERE r.hora > inicio_da_hora(de) AND r.hora < inicio_da_hora(ate)
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= date_trunc('minute', de) AND i.minuto < fim_da_hora(de) AND i.minuto <= ate
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= greatest(fim_da_hora(de), inicio_da_hora(ate)) AND i.minuto <= ate
$$;

ALTER FUNCTION public.contas_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.contas_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'The accounting of the minutes of the range, to be summed.';

CREATE FUNCTION public.coortes_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(dia date, postados bigint, entregues bigint, abertos bigint, extraviados bigint, devolvidos bigint, cancelados bigint, ate_2_dias double precision, ate_5_dias double precision, ate_10_dias double precision, taxa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    r.dia,
    sum(r.total)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.dias IS NOT NULL), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE NOT coalesce(c.terminal, false)), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'EXTRAVIADO'), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'DEVOLVIDO'), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'CANCELADO'), 0)::bigint,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 2), 0) / sum(r.total))::float8,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 5), 0) / sum(r.total))::float8,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 10), 0) / sum(r.total))::float8,
    (sum(r.no_prazo) / sum(r.total))::float8
  FROM resumo_coortes r LEFT JOIN catalogo_status c USING (status)
  WHERE r.dia BETWEEN dia_local(de) AND dia_local(ate)
  GROUP BY r.dia
  HAVING sum(r.total) > 0
$$;

ALTER FUNCTION public.coortes_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.coortes_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'Packages by local day of their first event: what became of them, and the share delivered in under 2, 5 and 10 times 24 hours and within the promise.';

CREATE FUNCTION public.copia_pacotes(de bigint[], para bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  INSERT INTO pacotes (id_pacote, status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa, origem, destino, data_origem, par_origem, data_destino, par_destino, transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final)
  SELECT u.para, p.status_atual, p.data_status, p.ordem_status, p.outra_data, p.outra_ordem, p.outro_status, p.data_inicio, p.data_entrega, p.data_tentativa, p.origem, p.destino, p.data_origem, p.par_origem, p.data_destino, p.par_destino, p.transportadora, p.data_transportadora, p.prazo_inicial, p.data_prazo_inicial, p.prazo_final, p.data_prazo_final FROM unnest(de, para) AS u (de, para) JOIN pacotes p ON p.id_pacote = u.de ORDER BY u.para
  ON CONFLICT DO NOTHING
$$;

ALTER FUNCTION public.copia_pacotes(de bigint[], para bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.cortes_do_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(primeiro boolean, ultimo boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    CASE WHEN NOT isfinite(de) THEN true
         WHEN d1 < d2 THEN de - inicio_do_dia(d1) <= inicio_do_dia(d1 + 1) - de
         WHEN d1 = d2 THEN (de - inicio_do_dia(d1)) + resto < ate - de
         ELSE false END,
    CASE WHEN NOT isfinite(ate) OR NOT isfinite(de) THEN true
         WHEN d1 < d2 THEN resto < ate - inicio_do_dia(d2)
         WHEN d1 = d2 THEN (de - inicio_do_dia(d1)) + resto < ate - de
         ELSE false END
  FROM (
    SELECT dia_local(de) AS d1, dia_local(ate) AS d2,
           CASE WHEN isfinite(ate) AND ate < now() THEN inicio_do_dia(dia_local(ate) + 1) - ate ELSE interval '0' END AS resto
  ) AS d
$$;

ALTER FUNCTION public.cortes_do_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.cortes_do_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'Whether the first and the last local day of a range, both ends included, are taken whole from the summaries; see pontas_do_periodo.';

CREATE FUNCTION public.dentro_do_prazo(instante timestamp with time zone, proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (proprio IS NULL) THEN ((instante - inicio) <= prazo) ELSE (instante <= proprio) END;

ALTER FUNCTION public.dentro_do_prazo(instante timestamp with time zone, proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.dentro_do_prazo(instante timestamp with time zone, proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) IS 'Whether an instant is at the deadline (fim_do_prazo) or before it; null where nothing is promised.';

CREATE FUNCTION public.desempenho_das_transportadoras(de timestamp with time zone, ate timestamp with time zone, escolhidas text[]) RETURNS TABLE(transportadora text, pacotes bigint, entregas bigint, taxa_no_prazo double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision, taxa_na_primeira double precision, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, atraso_p50_segundos double precision, atraso_p95_segundos double precision, taxa_completos double precision, conferidos bigint, abertos bigint, em_risco bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH com AS MATERIALIZED (
    SELECT r.transportadora, sum(r.pacotes) AS todos, sum(r.pacotes) FILTER (WHERE r.dia BETWEEN dia_local(de) AND dia_local(ate)) AS pacotes,
           sum(r.abertos) AS abertos
    FROM resumo_postagem_transportadora r GROUP BY 1 HAVING sum(r.pacotes) > 0
  ),
  nomes AS (
    SELECT c.transportadora, coalesce(c.pacotes, 0) AS pacotes, c.abertos FROM com c
    UNION ALL
    SELECT nome_da_transportadora(NULL), t.pacotes - s.pacotes, t.abertos - s.abertos
    FROM (
      SELECT (SELECT coalesce(sum(p.total_pacotes), 0) FROM status_dos_pacotes p) AS todos,
             (SELECT coalesce(sum(k.total), 0) FROM resumo_coortes k WHERE k.dia BETWEEN dia_local(de) AND dia_local(ate)) AS pacotes,
             (SELECT a.abertos FROM indicadores_abertos a) AS abertos
    ) AS t, (SELECT coalesce(sum(todos), 0) AS todos, coalesce(sum(pacotes), 0) AS pacotes, coalesce(sum(abertos), 0) AS abertos FROM com) AS s
    WHERE t.todos > s.todos
  ),
  entregues AS MATERIALIZED (SELECT * FROM entregas_por_transportadora(de, ate)),
  riscos AS (SELECT nome_da_transportadora(r.transportadora) AS transportadora, count(*) AS em_risco FROM pacotes_em_risco r GROUP BY 1)
  SELECT n.transportadora, n.pacotes::bigint, coalesce(e.entregas, 0), (e.no_prazo::numeric / e.entregas)::float8, (e.no_prazo_final::numeric / e.entregas)::float8,
         (e.tentativa_no_prazo::numeric / e.entregas)::float8, (e.na_primeira::numeric / e.entregas)::float8, (e.segundos / e.entregas)::float8,
         percentil(0.5, e.baldes, e.totais), percentil(0.95, e.baldes, e.totais),
         l.atraso_p50_segundos, l.atraso_p95_segundos, l.completos::float8 / nullif(l.conferidos, 0), coalesce(l.conferidos, 0),
         n.abertos::bigint, coalesce(r.em_risco, 0)
  FROM nomes n LEFT JOIN entregues e USING (transportadora) LEFT JOIN riscos r USING (transportadora)
  LEFT JOIN leituras_das_transportadoras(de, ate) AS l USING (transportadora)
  WHERE escolhida(n.transportadora, escolhidas) AND (n.pacotes > 0 OR e.entregas > 0 OR n.abertos > 0)
$$;

ALTER FUNCTION public.desempenho_das_transportadoras(de timestamp with time zone, ate timestamp with time zone, escolhidas text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.desempenho_das_transportadoras(de timestamp with time zone, ate timestamp with time zone, escolhidas text[]) IS 'Scorecard of chosen carriers (an empty list: all): packages posted and delivered in the range, shares on time in three definitions and at the first attempt, delivery time, scan delay and completeness of the newest deliveries (leituras_conferidas); open and at risk now. Carriers with neither are no row.';

CREATE FUNCTION public.dia_local(instante timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((instante AT TIME ZONE 'America/Sao_Paulo'::text))::date;

ALTER FUNCTION public.dia_local(instante timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.dobra_lugar(texto text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
  ufs  CONSTANT text := 'AC|AL|AM|AP|BA|CE|DF|ES|GO|MA|MG|MS|MT|PA|PB|PE|PI|PR|RJ|RN|RO|RR|RS|SC|SE|SP|TO';
  t    text := texto;
  dito text[];
BEGIN
  -- An accent that stands alone is meant as a quote. Then accents, and what nobody sees; quotes and dashes of all kinds; letters that are no
  -- letter with an accent.
  t := regexp_replace(normalize(replace(t, U&'\00B4', ''''), NFKD), U&'[\0300-\036F\00AD\200B-\200F\2060\FEFF]', '', 'g');
  t := translate(t, U&'`\2019\2018\02BC\2032\2010\2011\2012\2013\2014\2212', '''''''''''------');
  t := translate(t, U&'\0131\00F8\00D8\0142\0141\0111\0110\00F0\00D0', 'IOOLLDDDD');
  t := regexp_replace(regexp_replace(t, U&'[\00DF\1E9E]', 'SS', 'g'), U&'[\00FE\00DE]', 'TH', 'g');
  t := regexp_replace(regexp_replace(t, U&'[\00E6\00C6]', 'AE', 'g'), U&'[\0153\0152]', 'OE', 'g');
  t := upper(btrim(regexp_replace(t, U&'[[:space:]\0085\1680\2028\2029]+', ' ', 'g')));
  IF t !~ '[[:alnum:]]' THEN RETURN coalesce(nullif(t, ''), texto) || '/'; END IF;
  -- The country that says nothing, then the region: a state of Brazil in any of the usual forms, another short code behind a slash.
  t := coalesce(substring(t FROM '^(.*[[:alnum:])]) ?(?:[/,]| -) ?(?:BR|BRA|BRASIL|BRAZIL)$'), t);
  dito := coalesce(
    regexp_match(t, '^(.*[[:alnum:].'')]) ?[/,-] ?(' || ufs || ')$'),
    regexp_match(t, '^(.*[[:alnum:].'')]) ?\((' || ufs || ')\)$'),
    regexp_match(t, '^(.*[[:alnum:].'')]) ?/ ?([A-Z]{2,3})$'),
    ARRAY[t, '']);
  RETURN dito[1] || '/' || dito[2];
END
$_$;

ALTER FUNCTION public.dobra_lugar(texto text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.dobra_lugar(texto text) IS 'A spelling of a place folded, as name/region: without case, accents and double spaces; the region is what stands behind the name as "/SP", ", SP", "-SP" or "(SP)", empty where nothing does.';

CREATE FUNCTION public.entregas_acima(segundos double precision, baldes smallint[], acima bigint[]) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
  inicios CONSTANT bigint[] := limites_dos_baldes();
  us float8 := segundos * 1e6;
  b  smallint;
  i  integer;
BEGIN
  IF us < inicios[1] THEN b := 0; ELSE b := width_bucket(least(us, 9e18)::bigint, inicios); END IF;
  i := width_bucket(b, baldes);
  -- Nothing in the time's bucket or below it.
  IF i = 0 THEN RETURN acima[1]; END IF;
  -- Bucket 0 is 0 s, and beyond the last bucket's beginning nothing is told apart.
  IF baldes[i] < b OR b = 0 OR b >= cardinality(inicios) THEN RETURN coalesce(acima[i + 1], 0); END IF;
  RETURN coalesce(acima[i + 1], 0)
    + (acima[i] - coalesce(acima[i + 1], 0)) * ((inicios[b + 1] - us) / (inicios[b + 1] - inicios[b]));
END
$$;

ALTER FUNCTION public.entregas_acima(segundos double precision, baldes smallint[], acima bigint[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.entregas_acima(segundos double precision, baldes smallint[], acima bigint[]) IS 'Of deliveries in buckets (ascending; acima: how many are in each or above), how many took longer than so many seconds, interpolated inside the bucket.';

CREATE FUNCTION public.entregas_das_pontas(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(origem text, destino text, balde smallint, entregas integer, segundos numeric, no_prazo integer, na_primeira integer, no_prazo_final integer, tentativa_no_prazo integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT p.origem, p.destino, p.balde, x.sinal, x.sinal * p.segundos, x.sinal * p.no_prazo, x.sinal * p.na_primeira,
         x.sinal * p.no_prazo_final, x.sinal * p.tentativa_no_prazo
  FROM pontas_do_periodo(de, ate) AS x
  -- OFFSET 0: by the instants of delivery, also where only some lanes are wanted, and by this process alone. The planner expects a tenth of
  -- all packages of a range whose ends it does not know, and workers take longer to start than some thousand rows to read.
  CROSS JOIN LATERAL (SELECT * FROM entregas_julgadas q WHERE q.data_entrega >= x.inicio AND q.data_entrega < x.fim OFFSET 0) AS p
$$;

ALTER FUNCTION public.entregas_das_pontas(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.entregas_das_pontas(de timestamp with time zone, ate timestamp with time zone) IS 'The deliveries of pontas_do_periodo, one row each, in numbers that carry its sign: to be added to the whole days.';

CREATE FUNCTION public.entregas_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(entregas bigint, tempo_medio_segundos double precision, p50_segundos double precision, p90_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_na_primeira double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.na_primeira) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo,
           sum(x.na_primeira) AS na_primeira, sum(x.no_prazo_final) AS no_prazo_final, sum(x.tentativa_no_prazo) AS tentativa_no_prazo
    FROM baldes_no_periodo(de, ate) AS x GROUP BY x.balde
  ) AS b
$$;

ALTER FUNCTION public.entregas_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.entregas_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'Deliveries whose delivery lies in the range: count, delivery time, shares.';

CREATE FUNCTION public.entregas_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) RETURNS TABLE("time" timestamp with time zone, entregas bigint, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    b.inicio,
    sum(b.entregas)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT inicio_do_passo(r.dia, passo) AS inicio, r.balde, sum(r.entregas)::bigint AS entregas, sum(r.segundos) AS segundos,
           sum(r.no_prazo) AS no_prazo, sum(r.no_prazo_final) AS no_prazo_final, sum(r.tentativa_no_prazo) AS tentativa_no_prazo
    FROM resumo_entregas r
    WHERE r.dia > '-infinity' AND inicio_do_dia(r.dia) >= inicio_do_passo(dia_local(de), passo) AND r.dia <= dia_local(ate)
    GROUP BY 1, 2
  ) AS b
  GROUP BY b.inicio
  HAVING sum(b.entregas) > 0
  ORDER BY b.inicio
$$;

ALTER FUNCTION public.entregas_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) OWNER TO rastreio_owner;

CREATE FUNCTION public.entregas_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text DEFAULT 'cidade'::text) RETURNS TABLE(origem text, destino text, rota text, entregas bigint, tempo_medio_segundos double precision, p50_segundos double precision, p90_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_na_primeira double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate)),
  mapa AS MATERIALIZED (SELECT * FROM rotas_do_nivel(nivel)),
  pontas AS MATERIALIZED (
    SELECT t.id_rota, e.* FROM entregas_das_pontas(de, ate) AS e JOIN rotas t USING (origem, destino)
  ),
  somas AS (
    SELECT m.chave, m.origem, m.destino, sum(p.entregas)::bigint AS entregas, sum(p.segundos) AS segundos, sum(p.no_prazo) AS no_prazo,
           sum(p.na_primeira) AS na_primeira, sum(p.no_prazo_final) AS no_prazo_final, sum(p.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      -- First by pair of spellings, which leaves few rows to join.
      SELECT s.id_rota, sum(s.entregas)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo)::bigint AS no_prazo,
             sum(s.na_primeira)::bigint AS na_primeira, sum(s.no_prazo_final)::bigint AS no_prazo_final,
             sum(s.tentativa_no_prazo)::bigint AS tentativa_no_prazo
      FROM (
        SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
        FROM resumo_entregas_rota r
        WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
          AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
        UNION ALL
        SELECT e.id_rota, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo FROM pontas e
      ) AS s GROUP BY s.id_rota
    ) AS p JOIN mapa m USING (id_rota) GROUP BY m.chave, m.origem, m.destino
  ),
  histogramas AS (
    SELECT b.chave, array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
    FROM (
      SELECT m.chave, p.balde, sum(p.entregas)::bigint AS entregas
      FROM (
        -- Hundreds of thousands of rows, so summed at once, in integers, whose sum is a bigint.
        SELECT x.id_rota, x.balde, sum(x.entregas) AS entregas
        FROM (
          SELECT r.id_rota, r.balde, r.entregas
          FROM resumo_baldes_rota r
          WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
            AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
          UNION ALL
          SELECT e.id_rota, e.balde, e.entregas FROM pontas e
        ) AS x GROUP BY x.id_rota, x.balde
      ) AS p JOIN mapa m USING (id_rota) GROUP BY m.chave, p.balde
    ) AS b GROUP BY b.chave
  )
  SELECT
    s.origem, s.destino, s.origem || ' → ' || s.destino,
    s.entregas,
    (s.segundos / s.entregas)::float8,
    percentil(0.5, h.baldes, h.totais),
    percentil(0.9, h.baldes, h.totais),
    percentil(0.95, h.baldes, h.totais),
    (s.no_prazo::numeric / s.entregas)::float8,
    (s.na_primeira::numeric / s.entregas)::float8,
    (s.no_prazo_final::numeric / s.entregas)::float8,
    (s.tentativa_no_prazo::numeric / s.entregas)::float8
  FROM somas s JOIN histogramas h USING (chave)
  WHERE s.entregas > 0
$$;

ALTER FUNCTION public.entregas_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.entregas_por_rota(de timestamp with time zone, ate timestamp with time zone, nivel text) IS 'As entregas_no_periodo, by lane between places (cidade) or regions (região); without deliveries of which nobody said a place.';

CREATE FUNCTION public.entregas_por_transportadora(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(transportadora text, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint, no_prazo_final bigint, tentativa_no_prazo bigint, baldes smallint[], totais bigint[])
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate)),
  pontas AS MATERIALIZED (
    SELECT p.transportadora, p.balde, x.sinal AS entregas, x.sinal * p.segundos AS segundos, x.sinal * p.no_prazo AS no_prazo,
           x.sinal * p.na_primeira AS na_primeira, x.sinal * p.no_prazo_final AS no_prazo_final, x.sinal * p.tentativa_no_prazo AS tentativa_no_prazo
    FROM pontas_do_periodo(de, ate) AS x JOIN entregas_julgadas p ON p.data_entrega >= x.inicio AND p.data_entrega < x.fim
    WHERE p.transportadora IS NOT NULL
  ),
  somas AS MATERIALIZED (
    SELECT s.transportadora, sum(s.entregas) AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo, sum(s.na_primeira) AS na_primeira,
           sum(s.no_prazo_final) AS no_prazo_final, sum(s.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      SELECT r.transportadora, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
      FROM resumo_entregas_transportadora r
      WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
        AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
      UNION ALL
      SELECT e.transportadora, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo FROM pontas e
    ) AS s GROUP BY 1
  ),
  delas AS MATERIALIZED (
    SELECT b.transportadora, b.balde, sum(b.entregas) AS entregas
    FROM (
      SELECT r.transportadora, r.balde, r.entregas FROM resumo_baldes_transportadora r
      WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
        AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
      UNION ALL
      SELECT e.transportadora, e.balde, e.entregas FROM pontas e
    ) AS b GROUP BY 1, 2
  ),
  todas AS MATERIALIZED (
    SELECT b.balde, sum(b.entregas) AS entregas, sum(b.segundos) AS segundos, sum(b.no_prazo) AS no_prazo, sum(b.na_primeira) AS na_primeira,
           sum(b.no_prazo_final) AS no_prazo_final, sum(b.tentativa_no_prazo) AS tentativa_no_prazo
    FROM baldes_no_periodo(de, ate) AS b GROUP BY 1
  ),
  juntas AS (
    SELECT * FROM somas
    UNION ALL
    SELECT nome_da_transportadora(NULL), sum(u.entregas), sum(u.segundos), sum(u.no_prazo), sum(u.na_primeira), sum(u.no_prazo_final),
           sum(u.tentativa_no_prazo)
    FROM (
      SELECT t.entregas, t.segundos, t.no_prazo, t.na_primeira, t.no_prazo_final, t.tentativa_no_prazo FROM todas t
      UNION ALL
      SELECT -s.entregas, -s.segundos, -s.no_prazo, -s.na_primeira, -s.no_prazo_final, -s.tentativa_no_prazo FROM somas s
    ) AS u
  ),
  histogramas AS (
    SELECT h.transportadora, array_agg(h.balde ORDER BY h.balde) AS baldes, array_agg(h.entregas::bigint ORDER BY h.balde) AS totais
    FROM (
      SELECT * FROM delas
      UNION ALL
      SELECT nome_da_transportadora(NULL), u.balde, sum(u.entregas)
      FROM (SELECT t.balde, t.entregas FROM todas t UNION ALL SELECT d.balde, -d.entregas FROM delas d) AS u GROUP BY u.balde
    ) AS h GROUP BY 1
  )
  SELECT j.transportadora, j.entregas::bigint, j.segundos, j.no_prazo::bigint, j.na_primeira::bigint, j.no_prazo_final::bigint,
         j.tentativa_no_prazo::bigint, h.baldes, h.totais
  FROM juntas j JOIN histogramas h USING (transportadora) WHERE j.entregas > 0
$$;

ALTER FUNCTION public.entregas_por_transportadora(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.entregas_por_transportadora(de timestamp with time zone, ate timestamp with time zone) IS 'Deliveries of the range by carrier: counts, the sum of delivery times, and how many are in each bucket of them.';

CREATE FUNCTION public.escolha(texto text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
  lista jsonb;
BEGIN
  IF pg_input_is_valid(texto, 'jsonb') THEN
    lista := texto::jsonb;
    IF jsonb_typeof(lista) = 'string' THEN lista := jsonb_build_array(lista); END IF;
    IF jsonb_typeof(lista) = 'array' AND NOT jsonb_path_exists(lista, 'strict $[*] ? (@.type() != "string")') THEN
      RETURN ARRAY(SELECT jsonb_array_elements_text(lista));
    END IF;
  END IF;
  RAISE EXCEPTION 'escolha: % is no choice of a dashboard', quote_literal(left(texto, 100))
    USING ERRCODE = '22023',
          HINT = 'Write escolhidos($variavel) instead.';
END
$_$;

ALTER FUNCTION public.escolha(texto text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.escolha(texto text) IS 'Former panels write escolha($v$${variavel:json}$v$), where a value with $v$ in it leaves the quotes: write escolhidos($variavel) instead.';

CREATE FUNCTION public.escolhe_grafias() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  mudadas integer;
BEGIN
  PERFORM pg_advisory_xact_lock(762007);
  IF NOT EXISTS (SELECT FROM grafias WHERE id_lugar <> 0 GROUP BY id_lugar HAVING count(*) > 1) THEN RETURN 0; END IF;
  WITH pares AS MATERIALIZED (SELECT origem, destino, count(*) AS n FROM pacotes GROUP BY 1, 2),
  contadas AS (
    SELECT u.grafia, sum(u.n) AS n FROM (SELECT origem AS grafia, n FROM pares UNION ALL SELECT destino, n FROM pares) AS u GROUP BY 1
  ),
  mais AS (
    SELECT DISTINCT ON (g.id_lugar) g.id_lugar, g.grafia
    FROM grafias g LEFT JOIN contadas c USING (grafia)
    WHERE g.id_lugar <> 0
    ORDER BY g.id_lugar, coalesce(c.n, 0) DESC, g.grafia COLLATE "C"
  )
  UPDATE grafias g SET lugar = m.grafia FROM mais m WHERE m.id_lugar = g.id_lugar AND g.lugar <> m.grafia;
  GET DIAGNOSTICS mudadas = ROW_COUNT;
  RETURN mudadas;
END
$$;

ALTER FUNCTION public.escolhe_grafias() OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.escolhe_grafias() IS 'Counts which spelling of each place is of most packages, shows that one from then on, and tells of how many spellings the shown one changed.';

CREATE FUNCTION public.escolhida(lugar text, lugares text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((COALESCE(cardinality(lugares), 0) = 0) OR ((lugar COLLATE "C") = ANY (lugares)));

ALTER FUNCTION public.escolhida(lugar text, lugares text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.escolhida(lugar text, lugares text[]) IS 'Whether a choice has the place: an empty one has all.';

CREATE FUNCTION public.escolhidos() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{}'::text[];

ALTER FUNCTION public.escolhidos() OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.escolhidos() IS 'The same where nothing is chosen: an empty list, which is no restriction.';

CREATE FUNCTION public.escolhidos(VARIADIC valores text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN valores;

ALTER FUNCTION public.escolhidos(VARIADIC valores text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.escolhidos(VARIADIC valores text[]) IS 'What a variable of several values chooses, as a list. Panels write escolhidos($variavel), and the variable''s "All" is VARIADIC ''{}'': an empty list, which is no restriction.';

CREATE FUNCTION public.escreve_corrigidos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[], alvos text[], sozinho boolean) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  ids      CONSTANT bigint[] := ARRAY(SELECT DISTINCT id FROM unnest(pacotes_) AS id);
  correcoes_novas bigint;
  eventos_novos   bigint;
  de_novo  evento[];
BEGIN
  IF tranca_pacotes(ids) <> '{}' AND NOT sozinho THEN RETURN NULL; END IF;
  -- From here on each statement sees what those who were waited for have committed.
  INSERT INTO correcoes (id_pacote, data_evento, status_rastreamento, alvo, recebido_em, detalhes)
  SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.alvo, u.recebido_em, palavras_da_correcao(u.alvo, u.detalhes)
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NOT NULL
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS correcoes_novas = ROW_COUNT;
  -- One that names its event by another word is kept beside the first.
  PERFORM junta_correcao(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.alvo, u.recebido_em, palavras_da_correcao(u.alvo, u.detalhes))::correcao)
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo = 'mesmo';

  -- New events wait with those that are taken back until it is decided where they belong.
  INSERT INTO eventos_corrigidos (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
  SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NULL AND NOT EXISTS (
    SELECT FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (u.id_pacote, u.data_evento, u.status_rastreamento))
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS eventos_novos = ROW_COUNT;

  SELECT array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes)::evento) INTO de_novo
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NULL;
  -- The state that the writer keeps elsewhere by merging is computed anew here.
  IF junta_relatos(de_novo) THEN
    PERFORM refaz_pacotes(ids, min(data_inicio), max(greatest(data_status, outra_data))) FROM pacotes WHERE id_pacote = ANY (ids);
  END IF;
  PERFORM aplica_correcoes(ids);
  RETURN correcoes_novas + eventos_novos;
END
$$;

ALTER FUNCTION public.escreve_corrigidos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[], alvos text[], sozinho boolean) OWNER TO rastreio_owner;

CREATE FUNCTION public.esvazia_resumos() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM resumo_status;
  DELETE FROM resumo_entregas;
  DELETE FROM resumo_entregas_rota;
  DELETE FROM resumo_baldes_rota;
  DELETE FROM resumo_entregas_transportadora;
  DELETE FROM resumo_baldes_transportadora;
  DELETE FROM resumo_postagem_transportadora;
  DELETE FROM resumo_coortes;
  DELETE FROM resumo_historico;
  DELETE FROM resumo_permanencia;
  DELETE FROM resumo_atraso;
  DELETE FROM resumo_atraso_dia;
  DELETE FROM eventos_anteriores;
  DELETE FROM eventos_corrigidos;
  DELETE FROM correcoes;
  DELETE FROM removidos_historico;
  DELETE FROM removidos_permanencia;
  DELETE FROM removidos_atraso;
  UPDATE retencao SET horizonte = '-infinity', removidos_ate = '-infinity', fora_da_conta = 0;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.esvazia_resumos() OWNER TO rastreio_owner;

CREATE FUNCTION public.eventos_restantes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) RETURNS TABLE(id_pacote bigint, data_evento timestamp with time zone, status_rastreamento text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  m       record;
  atual   bigint;
  -- What is left so far of the package at hand, in order: a correction takes the last one.
  datas   timestamptz[] := '{}';
  textos  text[] := '{}';
BEGIN
  FOR m IN
    SELECT x.id_pacote, x.data_evento, x.status_rastreamento, x.corrige
    FROM (
      SELECT e.id_pacote, e.data_evento, e.status_rastreamento, false AS corrige, coalesce(c.ordem, 0) AS ordem
      FROM (
        SELECT e.id_pacote, e.data_evento, e.status_rastreamento FROM eventos_rastreamento e
        WHERE e.id_pacote = ANY (ids) AND e.data_evento BETWEEN greatest(inicio, horizonte_) AND fim
        UNION ALL
        SELECT e.id_pacote, e.data_evento, e.status_rastreamento FROM eventos_corrigidos e
        WHERE e.id_pacote = ANY (ids) AND e.data_evento >= horizonte_
      ) AS e
      LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
      WHERE NOT EXISTS (
        SELECT FROM correcoes k
        WHERE (k.id_pacote, k.data_evento, k.status_rastreamento, k.alvo) = (e.id_pacote, e.data_evento, e.status_rastreamento, 'mesmo'))
      UNION ALL
      SELECT k.id_pacote, k.data_evento, k.status_rastreamento, true, 0
      FROM correcoes k WHERE k.id_pacote = ANY (ids) AND k.alvo = 'anterior' AND k.data_evento >= horizonte_
    ) AS x
    ORDER BY x.id_pacote, x.data_evento, x.corrige, x.ordem, x.status_rastreamento COLLATE "C"
  LOOP
    IF m.id_pacote IS DISTINCT FROM atual THEN
      RETURN QUERY SELECT atual, u.* FROM unnest(datas, textos) AS u;
      atual := m.id_pacote;
      datas := '{}';
      textos := '{}';
    END IF;
    IF m.corrige THEN
      datas := trim_array(datas, least(1, cardinality(datas)));
      textos := trim_array(textos, least(1, cardinality(textos)));
    ELSE
      datas := datas || m.data_evento;
      textos := textos || m.status_rastreamento;
    END IF;
  END LOOP;
  RETURN QUERY SELECT atual, u.* FROM unnest(datas, textos) AS u;
END
$$;

ALTER FUNCTION public.eventos_restantes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.exige_escritor(geracao integer) RETURNS void
    LANGUAGE sql
    AS $$
  SELECT pg_advisory_xact_lock(762002);
  UPDATE versao_do_esquema SET escritor_minimo = geracao;
$$;

ALTER FUNCTION public.exige_escritor(geracao integer) OWNER TO rastreio_owner;

CREATE FUNCTION public.fatia_livre() RETURNS smallint
    LANGUAGE plpgsql
    AS $$
DECLARE
  -- An arbitrary namespace for these advisory locks.
  espaco CONSTANT integer := 762001;
  fatias CONSTANT integer := 16;
BEGIN
  FOR f IN 0 .. fatias - 1 LOOP
    IF pg_try_advisory_xact_lock(espaco, f) THEN RETURN f; END IF;
  END LOOP;
  PERFORM pg_advisory_xact_lock(espaco, pg_backend_pid() % fatias);
  RETURN pg_backend_pid() % fatias;
END
$$;

ALTER FUNCTION public.fatia_livre() OWNER TO rastreio_owner;

CREATE TABLE public.feriados (
    dia date NOT NULL,
    nome text NOT NULL
);

ALTER TABLE public.feriados OWNER TO rastreio_owner;

COMMENT ON TABLE public.feriados IS 'Days on which less happens than on others, by the operator''s calendar: rules that compare with ordinary days keep quiet. Edited with INSERT, UPDATE and DELETE.';

CREATE FUNCTION public.feriado_desde(dia_inicial date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (EXISTS (SELECT FROM public.feriados f WHERE ((f.dia >= feriado_desde.dia_inicial) AND (f.dia <= public.dia_local(now())))));

ALTER FUNCTION public.feriado_desde(dia_inicial date) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.feriado_desde(dia_inicial date) IS 'Whether one of the operator''s days from this one to today is a holiday (table feriados).';

CREATE FUNCTION public.fim_da_hora(instante timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((date_trunc('hour'::text, (instante AT TIME ZONE 'UTC'::text)) + '01:00:00'::interval) AT TIME ZONE 'UTC'::text);

ALTER FUNCTION public.fim_da_hora(instante timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.fim_do_prazo(proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(proprio, (inicio + make_interval(secs => (EXTRACT(epoch FROM prazo))::double precision)));

ALTER FUNCTION public.fim_do_prazo(proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.fim_do_prazo(proprio timestamp with time zone, inicio timestamp with time zone, prazo interval) IS 'The deadline of a package: its own promise (pacotes.prazo_inicial) where it has one, else its first event plus the promise of its lane, which is the default where the lane has none; null where there is none at all.';

CREATE FUNCTION public.final_conhecido(pacote bigint, instante timestamp with time zone) RETURNS TABLE(status text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT k.status
  FROM (
    SELECT c.status, c.terminal
    FROM (
      SELECT e.data_evento, e.status_rastreamento FROM eventos_rastreamento e WHERE e.id_pacote = pacote AND e.data_evento <= instante
      UNION ALL
      SELECT a.data_evento, a.status_rastreamento FROM eventos_anteriores a WHERE a.id_pacote = pacote AND a.data_evento <= instante
    ) AS e JOIN catalogo_status c ON c.status = e.status_rastreamento
    ORDER BY e.data_evento DESC, c.ordem DESC LIMIT 1
  ) AS k
  WHERE k.terminal
$$;

ALTER FUNCTION public.final_conhecido(pacote bigint, instante timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.final_conhecido(pacote bigint, instante timestamp with time zone) IS 'The latest known status of a package up to an instant where it is a final one, else no row.';

CREATE FUNCTION public.fora_de_ordem(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(id_pacote bigint, origem text, destino text, problema text, data_inicio timestamp with time zone, data_entrega timestamp with time zone, status_atual text, data_status timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT p.id_pacote, coalesce(o.lugar, p.origem), coalesce(d.lugar, p.destino),
         CASE WHEN p.data_entrega > p.data_inicio THEN 'reaberto depois da entrega'
              WHEN p.data_status > p.data_entrega THEN 'entrega antes do resto'
              ELSE 'nada antes da entrega' END,
         p.data_inicio, p.data_entrega, p.status_atual, p.data_status
  FROM pacotes p LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
  WHERE p.data_entrega BETWEEN de AND ate AND (p.aberto OR p.data_entrega = p.data_inicio)
$$;

ALTER FUNCTION public.fora_de_ordem(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.fora_de_ordem(de timestamp with time zone, ate timestamp with time zone) IS 'Packages delivered in the range whose events are in an order that cannot be or lack a beginning, and which of the three it is.';

CREATE FUNCTION public.fora_de_ordem_por_problema(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(problema text, pacotes bigint, taxa double precision, ultima_entrega timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT u.problema, count(f.id_pacote), count(f.id_pacote) / e.entregas::float8, max(f.data_entrega)
  FROM (VALUES ('entrega antes do resto'), ('reaberto depois da entrega'), ('nada antes da entrega')) AS u (problema)
  CROSS JOIN (SELECT entregas FROM entregas_no_periodo(de, ate)) AS e
  LEFT JOIN fora_de_ordem(de, ate) AS f USING (problema)
  WHERE e.entregas > 0
  GROUP BY u.problema, e.entregas
$$;

ALTER FUNCTION public.fora_de_ordem_por_problema(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.fora_de_ordem_por_problema(de timestamp with time zone, ate timestamp with time zone) IS 'How many deliveries of the range each problem of fora_de_ordem has, 0 included, and which share of them; no row without deliveries.';

CREATE FUNCTION public.fuso() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 'America/Sao_Paulo'::text;

ALTER FUNCTION public.fuso() OWNER TO rastreio_owner;

CREATE FUNCTION public.grafias_de(lugares text[]) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN coalesce(cardinality(lugares), 0) = 0 THEN '{}' ELSE ARRAY(
    SELECT g.grafia FROM grafias g WHERE g.id_lugar IN (SELECT l.id_lugar FROM grafias l WHERE l.grafia = ANY (lugares))
    UNION SELECT u FROM unnest(lugares) AS u) END
$$;

ALTER FUNCTION public.grafias_de(lugares text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.grafias_de(lugares text[]) IS 'All spellings of some places, each named by any of them; an empty list stays empty.';

CREATE FUNCTION public.guarda_anteriores() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  h timestamptz := (SELECT horizonte FROM retencao);
BEGIN
  -- A repair (db:rebuild) replaces what never was an event.
  IF h > '-infinity' AND current_setting('rastreio.conserta', true) IS DISTINCT FROM 'sim' THEN
    INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
    SELECT a.id_pacote, m.data, m.status
    FROM antes a JOIN depois d USING (id_pacote)
    CROSS JOIN LATERAL (VALUES (a.data_status, a.status_atual), (a.outra_data, a.outro_status)) AS m (data, status)
    WHERE greatest(a.data_status, a.outra_data) < h AND greatest(d.data_status, d.outra_data) > greatest(a.data_status, a.outra_data)
      AND m.data IS NOT NULL
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.guarda_anteriores() OWNER TO rastreio_owner;

CREATE FUNCTION public.guarda_limites() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.nome = OLD.nome THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'limites: rows can neither be removed nor renamed%, since rules and screens ask for each; change its valor',
    CASE WHEN TG_OP = 'TRUNCATE' THEN '' ELSE ' (' || OLD.nome || ')' END USING ERRCODE = 'restrict_violation';
END
$$;

ALTER FUNCTION public.guarda_limites() OWNER TO rastreio_owner;

CREATE FUNCTION public.guarda_lugares_ditos() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF lugar_dito(NEW.como) = NEW.chave THEN
    RAISE EXCEPTION 'lugares_ditos: % stands for % already, so the reverse cannot be said as well; take that back first', NEW.como, NEW.chave
      USING ERRCODE = '22023';
  END IF;
  RETURN NEW;
END
$$;

ALTER FUNCTION public.guarda_lugares_ditos() OWNER TO rastreio_owner;

CREATE FUNCTION public.historico_de_status(de timestamp with time zone, ate timestamp with time zone, passo interval) RETURNS TABLE("time" timestamp with time zone, status_rastreamento text, total_pacotes bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH variacoes AS MATERIALIZED (
    SELECT time_bucket(passo_em_horas(passo), h.hora) AS inicio, h.status, sum(h.variacao)::bigint AS variacao
    FROM resumo_historico h WHERE h.hora >= time_bucket(passo_em_horas(passo), de)
    GROUP BY 1, 2
  ),
  agora AS (SELECT s.status_rastreamento AS status, s.total_pacotes AS total FROM status_dos_pacotes s),
  situacoes AS (SELECT status FROM agora UNION SELECT status FROM variacoes),
  -- Up to the last change, not only to the end of the range: the totals are counted back from today's.
  passos AS (
    SELECT p.inicio, s.status
    FROM generate_series(
      time_bucket(passo_em_horas(passo), de),
      greatest(ate, (SELECT max(inicio) FROM variacoes)),
      passo_em_horas(passo)) AS p (inicio), situacoes s
  )
  SELECT h.inicio, h.status, h.total
  FROM (
    SELECT p.inicio, p.status,
           coalesce(a.total, 0) - coalesce(sum(v.variacao) OVER (PARTITION BY p.status ORDER BY p.inicio DESC), 0)::bigint AS total
    FROM passos p
    LEFT JOIN variacoes v USING (inicio, status)
    LEFT JOIN agora a USING (status)
  ) AS h
  WHERE h.inicio >= de AND h.inicio < ate
  UNION ALL
  SELECT ate, s.status, coalesce(f.total_pacotes, 0)
  FROM situacoes s LEFT JOIN status_em(ate) AS f ON f.status_rastreamento = s.status
  ORDER BY 1, 2
$$;

ALTER FUNCTION public.historico_de_status(de timestamp with time zone, ate timestamp with time zone, passo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.historico_de_status(de timestamp with time zone, ate timestamp with time zone, passo interval) IS 'Packages by status just before each whole step (of at least an hour) of the range, and at its end; also those statuses that have none then.';

CREATE FUNCTION public.iguala_pacotes(certos conferencia.pacotes[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  mudados bigint;
BEGIN
  PERFORM anota_par(p.id_pacote, p.origem, p.destino, c.data_inicio, greatest(c.data_status, c.outra_data))
  FROM unnest(certos) AS c JOIN pacotes p USING (id_pacote)
  WHERE (p.origem, p.destino) <> (c.origem, c.destino);
  UPDATE pacotes p SET (status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa, origem, destino, data_origem, par_origem, data_destino, par_destino, transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final) = (c.status_atual, c.data_status, c.ordem_status, c.outra_data, c.outra_ordem, c.outro_status, c.data_inicio, c.data_entrega, c.data_tentativa, c.origem, c.destino, c.data_origem, c.par_origem, c.data_destino, c.par_destino, c.transportadora, c.data_transportadora, c.prazo_inicial, c.data_prazo_inicial, c.prazo_final, c.data_prazo_final)
  FROM unnest(certos) AS c
  WHERE c.id_pacote = p.id_pacote AND (c.status_atual, c.data_status, c.ordem_status, c.outra_data, c.outra_ordem, c.outro_status, c.data_inicio, c.data_entrega, c.data_tentativa, c.origem, c.destino, c.data_origem, c.par_origem, c.data_destino, c.par_destino, c.transportadora, c.data_transportadora, c.prazo_inicial, c.data_prazo_inicial, c.prazo_final, c.data_prazo_final) IS DISTINCT FROM (p.status_atual, p.data_status, p.ordem_status, p.outra_data, p.outra_ordem, p.outro_status, p.data_inicio, p.data_entrega, p.data_tentativa, p.origem, p.destino, p.data_origem, p.par_origem, p.data_destino, p.par_destino, p.transportadora, p.data_transportadora, p.prazo_inicial, p.data_prazo_inicial, p.prazo_final, p.data_prazo_final);
  GET DIAGNOSTICS mudados = ROW_COUNT;
  RETURN mudados;
END
$$;

ALTER FUNCTION public.iguala_pacotes(certos conferencia.pacotes[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.indicadores_dos_lugares(ate timestamp with time zone, origens text[], destinos text[]) RETURNS TABLE(total_pacotes bigint, total_entregues bigint, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
  ids integer[] := ARRAY(SELECT t.id_rota FROM rotas t WHERE escolhida(t.origem, origens) AND escolhida(t.destino, destinos));
BEGIN
  RETURN QUERY EXECUTE $consulta$
    WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo('-infinity', $1)),
    somas AS (
      SELECT coalesce(sum(s.entregas), 0)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo,
             sum(s.no_prazo_final) AS no_prazo_final, sum(s.tentativa_no_prazo) AS tentativa_no_prazo
      FROM somas_por_rota('-infinity', $1) AS s WHERE s.id_rota = ANY ($4)
    ),
    histograma AS (
      SELECT array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
      FROM (
        SELECT x.balde, sum(x.entregas) AS entregas
        FROM (
          SELECT r.balde, r.entregas
          FROM resumo_baldes_rota r
          WHERE r.id_rota = ANY ($4) AND r.dia <= dia_local($1) AND (r.dia < dia_local($1) OR (SELECT ultimo FROM cortes))
          UNION ALL
          SELECT balde(p.data_entrega - p.data_inicio), x.sinal
          FROM pontas_do_periodo('-infinity', $1) AS x
          CROSS JOIN LATERAL (SELECT * FROM pacotes q WHERE q.data_entrega >= x.inicio AND q.data_entrega < x.fim OFFSET 0) AS p
          WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3)
        ) AS x GROUP BY x.balde
      ) AS b
    )
    SELECT
      -- All of them are counted in the index; those until an earlier day in the table.
      CASE WHEN $1 > now() - interval '24 hours'
           THEN (SELECT count(*) FROM pacotes p WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3)) - iniciados_entre($1, 'infinity', $2, $3)
           ELSE (SELECT count(*) FROM pacotes p WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3) AND p.data_inicio <= $1) END,
      s.entregas, (s.segundos / nullif(s.entregas, 0))::float8,
      percentil(0.5, h.baldes, h.totais), percentil(0.95, h.baldes, h.totais),
      (s.no_prazo / nullif(s.entregas, 0))::float8, (s.no_prazo_final / nullif(s.entregas, 0))::float8,
      (s.tentativa_no_prazo / nullif(s.entregas, 0))::float8
    FROM somas s, histograma h
  $consulta$ USING ate, origens, destinos, ids;
END
$_$;

ALTER FUNCTION public.indicadores_dos_lugares(ate timestamp with time zone, origens text[], destinos text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.indicadores_em(instante timestamp with time zone, origens text[], destinos text[]) RETURNS TABLE(total_pacotes bigint, total_entregues bigint, tempo_medio_segundos double precision, p50_segundos double precision, p95_segundos double precision, taxa_no_prazo double precision, taxa_no_prazo_final double precision, taxa_tentativa_no_prazo double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    CASE WHEN instante < now() THEN pacotes_ate(instante) ELSE (SELECT coalesce(sum(s.total_pacotes), 0)::bigint FROM status_dos_pacotes s) END,
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo,
           sum(x.no_prazo_final) AS no_prazo_final, sum(x.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      -- All time, less what came after the instant: for the end of a dashboard's range that is little.
      SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.no_prazo_final, r.tentativa_no_prazo
      FROM resumo_entregas r WHERE r.dia = '-infinity'
      UNION ALL
      SELECT b.balde, -b.entregas, -b.segundos, -b.no_prazo, -b.no_prazo_final, -b.tentativa_no_prazo
      FROM baldes_no_periodo(instante + interval '1 microsecond', 'infinity') AS b WHERE instante < now()
    ) AS x GROUP BY x.balde
  ) AS b
  HAVING coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT i.total_pacotes, i.total_entregues, i.tempo_medio_segundos, i.p50_segundos, i.p95_segundos, i.taxa_no_prazo,
         i.taxa_no_prazo_final, i.taxa_tentativa_no_prazo
  FROM indicadores_dos_lugares(CASE WHEN instante < now() THEN instante ELSE 'infinity' END, grafias_de(origens), grafias_de(destinos)) AS i
  WHERE coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0
$$;

ALTER FUNCTION public.indicadores_em(instante timestamp with time zone, origens text[], destinos text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.indicadores_em(instante timestamp with time zone, origens text[], destinos text[]) IS 'Packages and deliveries of some origins and destinations up to an instant (from now on: all that is known, also what carriers'' clocks put ahead); empty lists are no restriction.';

CREATE FUNCTION public.ingestao_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, taxa_rejeitados double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(sum(i.consumidos), 0)::bigint, coalesce(sum(i.inseridos), 0)::bigint, coalesce(sum(i.duplicados), 0)::bigint,
         coalesce(sum(i.rejeitados), 0)::bigint, (sum(i.rejeitados) / nullif(sum(i.consumidos), 0))::float8
  FROM contas_no_periodo(de, ate) AS i
$$;

ALTER FUNCTION public.ingestao_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.ingestao_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'What became of the messages consumed in the minutes of the range.';

CREATE FUNCTION public.ingestao_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) RETURNS TABLE("time" timestamp with time zone, inseridos bigint, duplicados bigint, rejeitados bigint, segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH contas AS MATERIALIZED (
    SELECT time_bucket(passo_das_contas(passo), c.instante) AS instante,
           sum(c.inseridos)::bigint AS inseridos, sum(c.duplicados)::bigint AS duplicados, sum(c.rejeitados)::bigint AS rejeitados
    FROM (
      SELECT i.minuto AS instante, i.inseridos, i.duplicados, i.rejeitados
      FROM ingestao i
      WHERE passo < interval '1 hour' AND i.minuto >= date_trunc('minute', de) AND i.minuto <= ate
      UNION ALL
      SELECT r.hora, r.inseridos, r.duplicados, r.rejeitados
      FROM resumo_ingestao r
      WHERE passo >= interval '1 hour' AND r.hora >= inicio_da_hora(de) AND r.hora <= ate
    ) AS c
    GROUP BY 1
  )
  SELECT p.instante, coalesce(c.inseridos, 0), coalesce(c.duplicados, 0), coalesce(c.rejeitados, 0),
         extract(epoch FROM passo_das_contas(passo))::float8
  FROM (SELECT min(r.hora) AS hora FROM resumo_ingestao r) AS primeira
  CROSS JOIN LATERAL generate_series(
    time_bucket(passo_das_contas(passo), greatest(date_trunc('minute', de), primeira.hora)),
    greatest(time_bucket(passo_das_contas(passo), least(ate, now())), (SELECT max(x.instante) FROM contas x)),
    passo_das_contas(passo)) AS p (instante)
  LEFT JOIN contas c ON c.instante = p.instante
  ORDER BY 1
$$;

ALTER FUNCTION public.ingestao_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.ingestao_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval) IS 'What became of the messages consumed in the range, by step: whole minutes, from an hour on whole hours; segundos is the length of a step. Nothing before the first hour with messages, nor in the future.';

CREATE FUNCTION public.iniciados_entre(de timestamp with time zone, ate timestamp with time zone, origens text[], destinos text[]) RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
  total bigint;
BEGIN
  -- EXECUTE plans with the instants known. OFFSET 0: these packages one by one, or the planner would rather read all.
  EXECUTE $consulta$
    SELECT count(*)
    FROM (SELECT DISTINCT e.id_pacote FROM eventos_rastreamento e WHERE e.data_evento > $1 AND e.data_evento < $2) AS e
    CROSS JOIN LATERAL (SELECT * FROM pacotes q WHERE q.id_pacote = e.id_pacote OFFSET 0) AS p
    WHERE p.data_inicio > $1 AND p.data_inicio < $2 AND escolhida(p.origem, $3) AND escolhida(p.destino, $4)
  $consulta$ INTO total USING de, ate, origens, destinos;
  RETURN total;
END
$_$;

ALTER FUNCTION public.iniciados_entre(de timestamp with time zone, ate timestamp with time zone, origens text[], destinos text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.inicio_da_hora(instante timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (date_trunc('hour'::text, (instante AT TIME ZONE 'UTC'::text)) AT TIME ZONE 'UTC'::text);

ALTER FUNCTION public.inicio_da_hora(instante timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.inicio_do_dia(dia date) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((dia)::timestamp without time zone AT TIME ZONE 'America/Sao_Paulo'::text);

ALTER FUNCTION public.inicio_do_dia(dia date) OWNER TO rastreio_owner;

CREATE FUNCTION public.inicio_do_passo(dia date, passo interval) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.inicio_do_dia(('2000-01-03'::date + (((dia - '2000-01-03'::date) / GREATEST(1, (ceil((EXTRACT(epoch FROM passo) / (86400)::numeric)))::integer)) * GREATEST(1, (ceil((EXTRACT(epoch FROM passo) / (86400)::numeric)))::integer))));

ALTER FUNCTION public.inicio_do_passo(dia date, passo interval) OWNER TO rastreio_owner;

CREATE FUNCTION public.insere_grafias(textos text[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
DECLARE
  novas text[] := ARRAY(SELECT DISTINCT t COLLATE "C" FROM unnest(textos) AS t WHERE t <> '' AND NOT EXISTS (SELECT FROM grafias g WHERE g.grafia = t));
  nomes text[];
BEGIN
  IF cardinality(novas) = 0 THEN RETURN novas; END IF;
  PERFORM pg_advisory_xact_lock(762007);
  -- After the wait: what another batch has committed meanwhile is not new.
  WITH dobradas AS (SELECT n, lugar_dito(dobra_lugar(n)) AS dita FROM unnest(novas) AS n),
  dentro AS (
    INSERT INTO grafias (grafia, dita, nome, chave, id_lugar, lugar)
    SELECT n, dita, regexp_replace(dita, '/[^/]*$', ''), '', -1, n FROM dobradas
    ON CONFLICT DO NOTHING RETURNING grafia, nome
  )
  SELECT coalesce(array_agg(grafia), '{}'), array_agg(DISTINCT nome) INTO novas, nomes FROM dentro;
  IF nomes IS NOT NULL THEN PERFORM arruma_grafias(nomes); END IF;
  RETURN novas;
END
$_$;

ALTER FUNCTION public.insere_grafias(textos text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.julga_de_novo(novas text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  f      smallint;
  mudou  boolean;
  espera boolean;
BEGIN
  WITH agora AS MATERIALIZED (SELECT * FROM conferencia.prazos_julgados),
  diferentes AS (
    SELECT origem, destino FROM agora a FULL JOIN prazos_julgados j USING (origem, destino) WHERE a.prazo IS DISTINCT FROM j.prazo
  )
  SELECT count(*) > 0,
         coalesce(bool_or(origem <> ALL (novas) AND destino <> ALL (novas)), false)
  INTO mudou, espera FROM diferentes;
  IF NOT mudou THEN RETURN; END IF;

  IF espera THEN
    -- Any other level would go on with the snapshot from before the wait, without the batches that were waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'the places of promises are changed in a transaction of isolation level READ COMMITTED; this one is %', upper(current_setting('transaction_isolation'))
        USING ERRCODE = '25001';
    END IF;
    PERFORM pg_advisory_xact_lock(762003);
    f := fatia_livre();

    WITH agora AS MATERIALIZED (SELECT * FROM conferencia.prazos_julgados),
    mudadas AS MATERIALIZED (
      SELECT r.id_rota, r.origem, r.destino, coalesce(a.prazo, pa.prazo) AS agora, coalesce(j.prazo, pj.prazo) AS antes
      FROM rotas r
      LEFT JOIN agora a ON (a.origem, a.destino) = (r.origem, r.destino)
      LEFT JOIN prazos_julgados j ON (j.origem, j.destino) = (r.origem, r.destino)
      LEFT JOIN agora pa ON (pa.origem, pa.destino) = ('*', '*')
      LEFT JOIN prazos_julgados pj ON (pj.origem, pj.destino) = ('*', '*')
      WHERE coalesce(a.prazo, pa.prazo) IS DISTINCT FROM coalesce(j.prazo, pj.prazo)
    ),
    mudados AS MATERIALIZED (
      SELECT data_inicio, data_entrega, status_atual, id_rota, p.transportadora, u.sinal,
             dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, u.prazo) AS no_prazo,
             dentro_do_prazo(data_entrega, prazo_final, data_inicio, u.prazo) AS no_prazo_final,
             dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, u.prazo) AS tentativa_no_prazo
      FROM mudadas m JOIN pacotes p USING (origem, destino)
      CROSS JOIN LATERAL (VALUES (1, m.agora), (-1, m.antes)) AS u (sinal, prazo)
      WHERE data_entrega IS NOT NULL AND (prazo_inicial IS NULL OR prazo_final IS NULL)
    ),
    entregas AS MATERIALIZED (
      SELECT dia_local(data_entrega) AS dia, id_rota, balde(data_entrega - data_inicio) AS balde,
             coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
             coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
             coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
      FROM mudados GROUP BY 1, 2, 3
    ),
    por_coorte AS (
      INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
      SELECT dia_local(data_inicio), status_atual, floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint, f, 0, sum(sinal)
      FROM mudados WHERE no_prazo GROUP BY 1, 2, 3 HAVING sum(sinal) <> 0
      ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo
    ),
    por_dia AS (
      INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
      SELECT coalesce(dia, '-infinity'), balde, f, 0, 0, sum(no_prazo), 0, sum(no_prazo_final), sum(tentativa_no_prazo)
      FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
      HAVING sum(no_prazo) <> 0 OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
      ON CONFLICT (dia, balde, fatia) DO UPDATE
        SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
            tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
    ),
    por_transportadora AS (
      INSERT INTO resumo_entregas_transportadora AS r
        (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
      SELECT u.dia, u.transportadora, f, 0, 0, u.no_prazo, 0, u.no_prazo_final, u.tentativa_no_prazo
      FROM (
        SELECT dia_local(data_entrega) AS dia, transportadora,
               coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
               coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
               coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
        FROM mudados WHERE transportadora IS NOT NULL GROUP BY 1, 2
      ) AS u
      WHERE u.no_prazo <> 0 OR u.no_prazo_final <> 0 OR u.tentativa_no_prazo <> 0
      ON CONFLICT (dia, transportadora, fatia) DO UPDATE
        SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
            tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
    )
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, 0, 0, sum(no_prazo), 0, sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(no_prazo) <> 0 OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
          tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  END IF;

  DELETE FROM prazos_julgados j
  WHERE NOT EXISTS (SELECT FROM conferencia.prazos_julgados c WHERE (c.origem, c.destino, c.prazo) = (j.origem, j.destino, j.prazo));
  INSERT INTO prazos_julgados SELECT * FROM conferencia.prazos_julgados ON CONFLICT DO NOTHING;
END
$$;

ALTER FUNCTION public.julga_de_novo(novas text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.julga_prazos() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'prazos is edited in a transaction of isolation level READ COMMITTED; this one is %', upper(current_setting('transaction_isolation'))
      USING ERRCODE = '25001';
  END IF;
  PERFORM pg_advisory_xact_lock(762007);
  PERFORM anota_grafias(ARRAY(SELECT origem FROM prazos WHERE origem <> '*' UNION SELECT destino FROM prazos WHERE destino <> '*'));
  PERFORM julga_de_novo('{}');
  RETURN NULL;
END
$$;

ALTER FUNCTION public.julga_prazos() OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_correcao(nova public.correcao) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  UPDATE correcoes c SET detalhes = nullif(junta_relato(c.status_rastreamento, c.data_evento, coalesce(c.detalhes, '{}'), c.recebido_em, coalesce(nova.detalhes, '{}'), nova.recebido_em), '{}')
  WHERE (c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo) = (nova.id_pacote, nova.data_evento, nova.status_rastreamento, nova.alvo)
    AND c.detalhes IS DISTINCT FROM nova.detalhes
    AND c.detalhes IS DISTINCT FROM
      nullif(junta_relato(c.status_rastreamento, c.data_evento, coalesce(c.detalhes, '{}'), c.recebido_em, coalesce(nova.detalhes, '{}'), nova.recebido_em), '{}')
$$;

ALTER FUNCTION public.junta_correcao(nova public.correcao) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_detalhes(a jsonb, b jsonb, instante timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
  o     CONSTANT dito := least(
    CASE WHEN a ? 'origem' THEN ROW('-infinity', a->>'origem', coalesce(a->>'par_origem', a->>'destino', ''))::dito END,
    CASE WHEN b ? 'origem' THEN ROW('-infinity', b->>'origem', coalesce(b->>'par_origem', b->>'destino', ''))::dito END);
  d     CONSTANT dito := least(
    CASE WHEN a ? 'destino' THEN ROW('-infinity', coalesce(a->>'par_destino', a->>'origem', ''), a->>'destino')::dito END,
    CASE WHEN b ? 'destino' THEN ROW('-infinity', coalesce(b->>'par_destino', b->>'origem', ''), b->>'destino')::dito END);
  -- All instants are written alike, so that their texts have their order.
  no_evento CONSTANT text := to_char(instante AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  primeiro_a CONSTANT text := coalesce(a->>'prazo_em', no_evento) || ' ' || (a->>'prazo');
  primeiro_b CONSTANT text := coalesce(b->>'prazo_em', no_evento) || ' ' || (b->>'prazo');
  primeiro CONSTANT text := least(primeiro_a COLLATE "C", primeiro_b);
  ultimo   CONSTANT text := nullif(greatest(
    coalesce(coalesce(a->>'prazo_final_em', no_evento) || ' ' || (a->>'prazo_final'), primeiro_a) COLLATE "C",
    coalesce(coalesce(b->>'prazo_final_em', no_evento) || ' ' || (b->>'prazo_final'), primeiro_b)), primeiro);
  texto jsonb;
BEGIN
  IF a = b THEN RETURN a; END IF;
  SELECT jsonb_object_agg(c, least((a->>c) COLLATE "C", b->>c)) INTO texto
  FROM unnest(ARRAY['transportadora', 'codigo', 'servico', 'local', 'codigo_evento', 'descricao', 'palavra']) AS c;
  RETURN jsonb_strip_nulls(texto || jsonb_build_object(
    'origem', o.origem,
    'destino', d.destino,
    'par_origem', CASE WHEN o.destino <> coalesce(d.destino, '') THEN o.destino END,
    'par_destino', CASE WHEN d.origem <> coalesce(o.origem, '') THEN d.origem END,
    'prazo', split_part(primeiro, ' ', 2),
    'prazo_em', nullif(split_part(primeiro, ' ', 1), no_evento),
    'prazo_final', split_part(ultimo, ' ', 2),
    'prazo_final_em', nullif(split_part(ultimo, ' ', 1), no_evento)));
END
$$;

ALTER FUNCTION public.junta_detalhes(a jsonb, b jsonb, instante timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  errado     record;
  nus        bigint[];
  guardados  evento[];
  correcoes_ correcao[];
BEGIN
  SELECT p.* INTO errado FROM unnest(dados, ditos) AS p (dado, dito) WHERE (p.dado < 0 AND p.dito > 0) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'only a number that was given here can be joined to one that a sender said: % and % are not such', errado.dado, errado.dito USING ERRCODE = '22023';
  END IF;
  -- All is exchanged at once: two that become one would meet as reports of one event.
  SELECT p.dito INTO errado FROM unnest(ditos) AS p (dito) GROUP BY 1 HAVING count(*) > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'two numbers are to be joined to % at once; join one after the other', errado.dito USING ERRCODE = '22023';
  END IF;
  PERFORM FROM codigos WHERE id_pacote = ANY (dados) ORDER BY id_pacote FOR UPDATE;
  SELECT coalesce(array_agg(j.dado), '{}'), coalesce(array_agg(j.dito), '{}') INTO dados, ditos
  FROM unnest(dados, ditos) AS j (dado, dito) WHERE EXISTS (SELECT FROM codigos c WHERE c.id_pacote = j.dado);
  IF dados = '{}' THEN RETURN true; END IF;
  nus := tranca_pacotes(dados || ditos);
  IF nus <> '{}' AND NOT sozinho THEN
    -- Mostly nothing is known of the number that is said. A row of it is what others wait for.
    PERFORM copia_pacotes(array_agg(j.dado), array_agg(j.dito)) FROM unnest(dados, ditos) AS j (dado, dito) WHERE j.dito = ANY (nus);
    IF tranca_pacotes(nus) <> '{}' THEN RETURN false; END IF;
  END IF;
  SELECT j.dado, j.dito INTO errado FROM unnest(dados, ditos) AS j (dado, dito)
  WHERE EXISTS (SELECT FROM pacotes p, retencao r WHERE p.id_pacote = j.dado AND p.data_inicio < r.horizonte)
    OR EXISTS (SELECT FROM eventos_anteriores a WHERE a.id_pacote = j.dado)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the tracking number % has events from before the horizon of db:retain, which cannot move to id_pacote % any more; send it without id_pacote',
      (SELECT min(transportadora || '/' || codigo) FROM codigos WHERE id_pacote = errado.dado), errado.dito USING ERRCODE = '22023';
  END IF;

  SELECT array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes)::evento) INTO guardados
  FROM (
    -- An event of a package that was numbered here names its carrier, so it has details.
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em, e.detalhes
    FROM pacotes p JOIN eventos_rastreamento e
      ON e.id_pacote = p.id_pacote AND e.data_evento BETWEEN p.data_inicio AND greatest(p.data_status, p.outra_data)
    WHERE p.id_pacote = ANY (dados)
    UNION ALL
    SELECT id_pacote, data_evento, status_rastreamento, recebido_em, detalhes FROM eventos_corrigidos WHERE id_pacote = ANY (dados)
  ) AS u;

  SELECT array_agg(ROW(c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo, c.recebido_em, c.detalhes)::correcao) INTO correcoes_ FROM correcoes c WHERE c.id_pacote = ANY (dados);
  PERFORM troca_guardados(
    guardados,
    (SELECT array_agg(ROW(j.dito, g.data_evento, g.status_rastreamento, g.recebido_em, g.detalhes)::evento)
     FROM unnest(guardados) AS g JOIN unnest(dados, ditos) AS j (dado, dito) ON j.dado = g.id_pacote),
    correcoes_,
    (SELECT array_agg(ROW(j.dito, c.data_evento, c.status_rastreamento, c.alvo, c.recebido_em, c.detalhes)::correcao)
     FROM unnest(correcoes_) AS c JOIN unnest(dados, ditos) AS j (dado, dito) ON j.dado = c.id_pacote));
  UPDATE codigos c SET id_pacote = j.dito FROM unnest(dados, ditos) AS j (dado, dito) WHERE c.id_pacote = j.dado;
  UPDATE versao_do_esquema SET juncoes = juncoes + cardinality(dados);
  INSERT INTO numeros_juntados (id_dado, id_pacote) SELECT j.dado, j.dito FROM unnest(dados, ditos) AS j (dado, dito)
  -- A sequence that was set back gave the number twice.
  ON CONFLICT (id_dado) DO UPDATE SET id_pacote = excluded.id_pacote, juntado_em = DEFAULT, transacao = DEFAULT;
  RETURN true;
END
$$;

ALTER FUNCTION public.junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) IS 'Called before a batch, in a transaction of its own, when events say the numbers of tracking numbers that had none. Each number that is said comes once.';

CREATE FUNCTION public.junta_relato(situacao text, instante timestamp with time zone, a jsonb, a_em timestamp with time zone, b jsonb, b_em timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  conhecido boolean;
  todos     jsonb;
  junto     jsonb;
  r         jsonb;
BEGIN
  IF a = b THEN RETURN a; END IF;
  conhecido := EXISTS (SELECT FROM catalogo_status WHERE status = situacao);
  IF NOT (a ? 'relatos' OR b ? 'relatos') AND nome_do_relato(a, conhecido) = nome_do_relato(b, conhecido) THEN
    RETURN junta_detalhes(a, b, instante);
  END IF;
  SELECT jsonb_agg(u.relato ORDER BY nome_do_relato(u.relato, conhecido)) INTO todos
  FROM (
    SELECT CASE WHEN y.relato IS NULL THEN x.relato WHEN x.relato IS NULL THEN y.relato
      ELSE junta_detalhes(x.relato - 'recebido_em', y.relato - 'recebido_em', instante) || jsonb_build_object('recebido_em', x.relato->'recebido_em') END AS relato
    FROM jsonb_array_elements(relatos_de(a, a_em)) AS x (relato)
    FULL JOIN jsonb_array_elements(relatos_de(b, b_em)) AS y (relato) ON nome_do_relato(x.relato, conhecido) = nome_do_relato(y.relato, conhecido)
  ) AS u;
  FOR r IN SELECT relato - ARRAY['recebido_em', 'palavra'] FROM jsonb_array_elements(todos) AS t (relato) LOOP
    junto := coalesce(junta_detalhes(junto, r, instante), r);
  END LOOP;
  RETURN junto || jsonb_build_object('relatos', todos);
END
$$;

ALTER FUNCTION public.junta_relato(situacao text, instante timestamp with time zone, a jsonb, a_em timestamp with time zone, b jsonb, b_em timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_relatos(relatos public.evento[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  r     evento;
  par   jsonb;
  dito  jsonb;
  dito_em timestamptz;
  junto jsonb;
  mudou boolean := false;
BEGIN
  FOREACH r IN ARRAY coalesce(relatos, '{}') LOOP
    UPDATE eventos_corrigidos e SET detalhes = junta_relato(e.status_rastreamento, e.data_evento, e.detalhes, e.recebido_em, r.detalhes, r.recebido_em)
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento)
      AND junta_relato(e.status_rastreamento, e.data_evento, e.detalhes, e.recebido_em, r.detalhes, r.recebido_em) <> e.detalhes;
    par := (SELECT jsonb_build_object('origem', origem, 'destino', destino) FROM pacotes WHERE id_pacote = r.id_pacote);
    SELECT coalesce(e.detalhes, par), e.recebido_em INTO dito, dito_em FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento);
    junto := junta_relato(r.status_rastreamento, r.data_evento, dito, dito_em, coalesce(r.detalhes, par), r.recebido_em);
    IF junto <> dito THEN
      PERFORM sem_limite_de_colunas();
      EXECUTE format(
        'UPDATE eventos_rastreamento SET detalhes = %L::jsonb '
        'WHERE id_pacote = %L::bigint AND data_evento = %L::timestamptz AND status_rastreamento = %L',
        junto, r.id_pacote, r.data_evento, r.status_rastreamento);
      mudou := true;
    END IF;
  END LOOP;
  RETURN mudou;
END
$$;

ALTER FUNCTION public.junta_relatos(relatos public.evento[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_relatos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[]) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT junta_relatos(array_agg(ROW(u.*)::evento))
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_) AS u
$$;

ALTER FUNCTION public.junta_relatos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.junta_situacoes(a public.marco, b public.marco, c public.marco, d public.marco) RETURNS public.situacao
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
  ultimo    CONSTANT marco := greatest(a, b, c, d);
  conhecido CONSTANT marco := greatest(CASE WHEN a.ordem > 0 THEN a END, CASE WHEN b.ordem > 0 THEN b END,
                                       CASE WHEN c.ordem > 0 THEN c END, CASE WHEN d.ordem > 0 THEN d END);
BEGIN
  IF ultimo.ordem > 0 OR conhecido IS NULL THEN RETURN ROW(ultimo, NULL)::situacao; END IF;
  IF ordem_final(conhecido.ordem) THEN RETURN ROW(conhecido, ultimo)::situacao; END IF;
  RETURN ROW(ultimo, conhecido)::situacao;
END
$$;

ALTER FUNCTION public.junta_situacoes(a public.marco, b public.marco, c public.marco, d public.marco) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.junta_situacoes(a public.marco, b public.marco, c public.marco, d public.marco) IS 'The current one of a package''s events: the latest known one where that is final, else the latest; and the other of these two.';

CREATE FUNCTION public.leituras_conferidas(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(id_pacote bigint, transportadora text, data_entrega timestamp with time zone, postado boolean, em_transito boolean, em_rota boolean, atrasos double precision[])
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
  nomes    text[] := ARRAY(SELECT r.transportadora FROM resumo_postagem_transportadora r GROUP BY 1 HAVING sum(r.pacotes) > 0);
  cada     CONSTANT integer := greatest(1, least(200, 4000 / (cardinality(nomes) + 1)));
  inteiros CONSTANT timestamptz := (SELECT removidos_ate FROM retencao);
  ids      bigint[];
  primeiro timestamptz;
  ultimo   timestamptz;
BEGIN
  SELECT array_agg(s.id_pacote), min(s.data_inicio), max(s.data_fim) INTO ids, primeiro, ultimo
  FROM (
    SELECT p.* FROM unnest(nomes) AS n (nome) CROSS JOIN LATERAL (
      SELECT q.id_pacote, q.data_inicio, greatest(q.data_status, q.outra_data) AS data_fim FROM pacotes q
      WHERE q.transportadora = n.nome AND q.data_entrega BETWEEN de AND ate AND q.data_inicio >= inteiros
      ORDER BY q.data_entrega DESC LIMIT cada
    ) AS p
    UNION ALL
    (SELECT u.id_pacote, u.data_inicio, u.data_fim
     FROM (
       -- No index has those without a carrier alone: they are looked for among so many.
       SELECT q.id_pacote, q.data_inicio, greatest(q.data_status, q.outra_data) AS data_fim, q.transportadora, q.data_entrega
       FROM pacotes q WHERE q.data_entrega BETWEEN de AND ate ORDER BY q.data_entrega DESC LIMIT 2000
     ) AS u
     WHERE u.transportadora IS NULL AND u.data_inicio >= inteiros ORDER BY u.data_entrega DESC LIMIT cada)
  ) AS s;
  RETURN QUERY EXECUTE $consulta$
    SELECT p.id_pacote, nome_da_transportadora(p.transportadora), p.data_entrega, l.postado, l.em_transito, l.em_rota, l.atrasos
    FROM pacotes p CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(e.status_rastreamento = 'POSTADO'), false) AS postado,
             coalesce(bool_or(e.status_rastreamento = 'EM TRÂNSITO'), false) AS em_transito,
             coalesce(bool_or(e.status_rastreamento = 'EM ROTA DE ENTREGA'), false) AS em_rota,
             array_agg(greatest(extract(epoch FROM e.recebido_em - e.data_evento), 0)::float8) AS atrasos
      FROM eventos_rastreamento e
      WHERE e.id_pacote = p.id_pacote AND e.data_evento BETWEEN $2 AND $3
    ) AS l
    WHERE p.id_pacote = ANY ($1)
  $consulta$ USING ids, primeiro, ultimo;
END
$_$;

ALTER FUNCTION public.leituras_conferidas(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.leituras_conferidas(de timestamp with time zone, ate timestamp with time zone) IS 'The newest deliveries of the range, up to 200 of each carrier and 4,000 in all (those without a carrier among the newest 2,000 deliveries), whose events are all still there: which of the three scans before the delivery there are, and how many seconds after it happened each event was received.';

CREATE FUNCTION public.leituras_das_transportadoras(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(transportadora text, conferidos bigint, completos bigint, sem_postado bigint, sem_em_transito bigint, sem_em_rota bigint, atraso_p50_segundos double precision, atraso_p95_segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH l AS MATERIALIZED (SELECT * FROM leituras_conferidas(de, ate))
  SELECT c.*, a.p[1], a.p[2]
  FROM (
    SELECT l.transportadora, count(*), count(*) FILTER (WHERE l.postado AND l.em_transito AND l.em_rota), count(*) FILTER (WHERE NOT l.postado),
           count(*) FILTER (WHERE NOT l.em_transito), count(*) FILTER (WHERE NOT l.em_rota)
    FROM l GROUP BY 1
  ) AS c
  LEFT JOIN (
    SELECT l.transportadora, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY x.atraso) AS p
    FROM l CROSS JOIN LATERAL unnest(l.atrasos) AS x (atraso) GROUP BY 1
  ) AS a USING (transportadora)
$$;

ALTER FUNCTION public.leituras_das_transportadoras(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.leituras_das_transportadoras(de timestamp with time zone, ate timestamp with time zone) IS 'By carrier, of the newest deliveries of the range (leituras_conferidas): how many were looked at, have all scans, lack each, and the delay from a scan to its receipt.';

CREATE FUNCTION public.leituras_faltantes(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(id_pacote bigint, transportadora text, data_entrega timestamp with time zone, faltam text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT l.id_pacote, l.transportadora, l.data_entrega,
         concat_ws(', ', CASE WHEN NOT l.postado THEN 'POSTADO' END, CASE WHEN NOT l.em_transito THEN 'EM TRÂNSITO' END,
                   CASE WHEN NOT l.em_rota THEN 'EM ROTA DE ENTREGA' END)
  FROM leituras_conferidas(de, ate) AS l WHERE NOT (l.postado AND l.em_transito AND l.em_rota)
$$;

ALTER FUNCTION public.leituras_faltantes(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.leituras_faltantes(de timestamp with time zone, ate timestamp with time zone) IS 'Of the newest deliveries of the range (leituras_conferidas) those that lack a scan, and which.';

CREATE FUNCTION public.limite(qual text) RETURNS double precision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
  v float8;
BEGIN
  SELECT valor INTO v FROM limites WHERE nome = qual;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the table limites has no row "%"; insert it as sql/migrations does', qual USING ERRCODE = 'no_data_found';
  END IF;
  RETURN v;
END
$$;

ALTER FUNCTION public.limite(qual text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.limite(qual text) IS 'The limit of this name; an error where there is none. Over many rows write (SELECT limite(...)), which is computed once, not for each.';

CREATE TABLE public.grafias (
    grafia text NOT NULL,
    dita text NOT NULL,
    nome text NOT NULL,
    chave text NOT NULL,
    id_lugar integer NOT NULL,
    lugar text NOT NULL,
    regiao text,
    CONSTRAINT grafias_grafia_check CHECK (((char_length(grafia) >= 1) AND (char_length(grafia) <= 255)))
);

ALTER TABLE public.grafias OWNER TO rastreio_owner;

COMMENT ON TABLE public.grafias IS 'Every spelling of an origin or destination, and the place that it names. Rows are only ever added; what each names may change.';

COMMENT ON COLUMN public.grafias.dita IS 'The spelling folded, as name/region, after what people said (lugares_ditos). The region is empty where nobody says it.';

COMMENT ON COLUMN public.grafias.nome IS 'The name in dita.';

COMMENT ON COLUMN public.grafias.chave IS 'The place: dita, and where that has no region and all others of the name have one and the same, that region.';

COMMENT ON COLUMN public.grafias.id_lugar IS 'A number that stands for chave; 0 is the place that nobody said.';

COMMENT ON COLUMN public.grafias.lugar IS 'The spelling of the place that is shown: the one of most packages when it was last counted, ties by text.';

COMMENT ON COLUMN public.grafias.regiao IS 'The region of the place, null where nobody says it.';

CREATE TABLE public.limites_por_rota (
    nome text NOT NULL,
    origem text NOT NULL,
    destino text NOT NULL,
    valor double precision NOT NULL,
    por_rota boolean GENERATED ALWAYS AS (true) STORED NOT NULL,
    CONSTRAINT limites_por_rota_valor_check CHECK (((valor > (0)::double precision) AND (valor < 'Infinity'::double precision)))
);

ALTER TABLE public.limites_por_rota OWNER TO rastreio_owner;

COMMENT ON TABLE public.limites_por_rota IS 'Limits of single lanes, in place of the default in limites; edit with INSERT, UPDATE and DELETE.';

CREATE VIEW public.limites_dos_lugares AS
 SELECT l.nome,
    public.chave_da_rota(o.id_lugar, d.id_lugar) AS chave,
    min(l.valor) AS valor
   FROM ((public.limites_por_rota l
     JOIN public.grafias o ON ((o.grafia = l.origem)))
     JOIN public.grafias d ON ((d.grafia = l.destino)))
  GROUP BY l.nome, (public.chave_da_rota(o.id_lugar, d.id_lugar));

ALTER VIEW public.limites_dos_lugares OWNER TO rastreio_owner;

COMMENT ON VIEW public.limites_dos_lugares IS 'Limits of single lanes, whichever spelling they are for; of several the least.';

CREATE FUNCTION public.limite_da_rota(qual text, de text, para text) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((SELECT l.valor FROM ((public.limites_dos_lugares l JOIN public.grafias o ON ((o.grafia = limite_da_rota.de))) JOIN public.grafias d ON ((d.grafia = limite_da_rota.para))) WHERE ((l.nome = limite_da_rota.qual) AND (l.chave = public.chave_da_rota(o.id_lugar, d.id_lugar)))), public.limite(qual));

ALTER FUNCTION public.limite_da_rota(qual text, de text, para text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.limite_da_rota(qual text, de text, para text) IS 'The limit of this name for a lane, in any spelling: its own where it has one, else the default.';

CREATE FUNCTION public.lista_da_torre(lista text, limite integer) RETURNS TABLE(id_pacote text, rota text, status_atual text, prometido_em timestamp with time zone, atraso_segundos double precision, parado_segundos double precision, idade_segundos double precision, risco double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
  listas CONSTANT text[] := ARRAY['prometidos_hoje', 'atrasados_parados', 'esquecidos', 'tentativa_falhou', 'quebras_amanha'];
BEGIN
  IF lista IS NULL OR lista <> ALL (listas) THEN
    RAISE EXCEPTION 'lista_da_torre: % is no list; use one of %', coalesce(quote_literal(lista), 'null'), array_to_string(listas, ', ')
      USING ERRCODE = '22023';
  END IF;
  -- One of the five words above, so that each list is planned for itself.
  -- The histories once: a list is expected to be short, and they were computed again for each of its packages.
  RETURN QUERY EXECUTE format($consulta$
    WITH historico AS MATERIALIZED (SELECT * FROM historico_das_rotas)
    SELECT p.id_pacote::text, coalesce(o.lugar, p.origem) || ' → ' || coalesce(d.lugar, p.destino), p.status_atual, p.prometido_em,
           extract(epoch FROM now() - p.prometido_em)::float8, extract(epoch FROM now() - p.data_status)::float8,
           extract(epoch FROM now() - p.data_inicio)::float8,
           risco_de_atraso(extract(epoch FROM now() - p.data_inicio)::float8, extract(epoch FROM p.prometido_em - p.data_inicio)::float8,
                           h.baldes, h.acima) AS risco
    FROM pacotes_da_torre p LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
    LEFT JOIN historico h ON (h.origem, h.destino) = (o.lugar, d.lugar)
    WHERE p.%I
    ORDER BY %s p.prometido_em, p.id_pacote
    LIMIT $1
  $consulta$, lista, CASE WHEN lista = 'quebras_amanha' THEN 'risco DESC NULLS LAST,' ELSE '' END) USING limite;
END
$_$;

ALTER FUNCTION public.lista_da_torre(lista text, limite integer) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.lista_da_torre(lista text, limite integer) IS 'The packages of a list of the control tower, most urgent first: the earliest promise, of quebras_amanha the greatest risk. A null limit is none.';

CREATE FUNCTION public.lugar_dito(chave_ text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
  atual   text := chave_;
  proximo text;
BEGIN
  LOOP
    SELECT l.como INTO proximo FROM lugares_ditos l WHERE l.chave = atual;
    IF NOT FOUND THEN RETURN atual; END IF;
    atual := proximo;
  END LOOP;
END
$$;

ALTER FUNCTION public.lugar_dito(chave_ text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.lugar_dito(chave_ text) IS 'What a folded name/region stands for, by what people said.';

CREATE FUNCTION public.marco_de(data timestamp with time zone, ordem smallint, status text) RETURNS public.marco
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (data IS NOT NULL) THEN ROW(data, ordem, status)::public.marco ELSE NULL::public.marco END;

ALTER FUNCTION public.marco_de(data timestamp with time zone, ordem smallint, status text) OWNER TO rastreio_owner;

CREATE FUNCTION public.mudanca_no_prazo(ate timestamp with time zone, periodo interval) RETURNS TABLE(rota text, entregas_antes bigint, entregas bigint, taxa_antes double precision, taxa double precision, contribuicao_taxa double precision, contribuicao_mistura double precision, contribuicao double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH inicio AS (SELECT make_interval(secs => extract(epoch FROM periodo)::float8) AS passo),
  pares AS MATERIALIZED (
    SELECT r.chave, coalesce(sum(a.entregas), 0)::numeric AS n0, coalesce(sum(b.entregas), 0)::numeric AS n1, sum(a.no_prazo)::numeric AS k0,
           sum(b.no_prazo)::numeric AS k1
    FROM (SELECT f.* FROM inicio, somas_por_rota(ate - 2 * passo + interval '1 microsecond', ate - passo) AS f) AS a
    FULL JOIN (SELECT f.* FROM inicio, somas_por_rota(ate - passo + interval '1 microsecond', ate) AS f) AS b USING (id_rota)
    JOIN rotas_dos_lugares r USING (id_rota)
    GROUP BY r.chave
  ),
  todas AS MATERIALIZED (SELECT sum(n0) AS n0, sum(n1) AS n1, sum(k0) / nullif(sum(n0), 0) AS r0, sum(k1) / nullif(sum(n1), 0) AS r1 FROM pares),
  partes AS MATERIALIZED (
    SELECT p.chave, p.n0, p.n1, p.k0 / nullif(p.n0, 0) AS taxa_antes, p.k1 / nullif(p.n1, 0) AS taxa,
           taxa_exata((q.r1 - q.r0) * (q.w0 + q.w1) / 2) AS por_taxa,
           taxa_exata((q.w1 - q.w0) * ((q.r0 + q.r1) / 2 - (t.r0 + t.r1) / 2)) AS por_mistura
    FROM pares p CROSS JOIN todas t CROSS JOIN LATERAL (
      SELECT p.n0 / t.n0 AS w0, p.n1 / t.n1 AS w1,
             coalesce(p.k0 / nullif(p.n0, 0), p.k1 / nullif(p.n1, 0)) AS r0, coalesce(p.k1 / nullif(p.n1, 0), p.k0 / nullif(p.n0, 0)) AS r1
    ) AS q
    WHERE t.n0 > 0 AND t.n1 > 0
  ),
  -- What rounding left over, less than 1e-9, goes to the greatest lane.
  resto AS (
    SELECT (SELECT chave FROM partes ORDER BY n0 + n1 DESC, chave LIMIT 1) AS chave,
           taxa_exata(t.r1) - taxa_exata(t.r0) - (SELECT sum(por_taxa) + sum(por_mistura) FROM partes) AS valor
    FROM todas t
  )
  SELECT r.origem || ' → ' || r.destino, p.n0::bigint, p.n1::bigint, p.taxa_antes::float8, p.taxa::float8,
         p.por_taxa, p.por_mistura + coalesce(s.valor, 0), p.por_taxa + p.por_mistura + coalesce(s.valor, 0)
  FROM partes p JOIN (SELECT DISTINCT chave, origem, destino FROM rotas_dos_lugares) AS r USING (chave) LEFT JOIN resto s USING (chave)
$$;

ALTER FUNCTION public.mudanca_no_prazo(ate timestamp with time zone, periodo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.mudanca_no_prazo(ate timestamp with time zone, periodo interval) IS 'How the share of deliveries on time changed from the period before to the one that ends at the instant, split by lane into rate and mix; the parts add up exactly to mudanca_total.';

CREATE FUNCTION public.mudanca_total(ate timestamp with time zone, periodo interval) RETURNS TABLE(entregas_antes bigint, entregas bigint, taxa_antes double precision, taxa double precision, mudanca double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT a.entregas, b.entregas, a.taxa, b.taxa, b.taxa - a.taxa
  FROM (SELECT make_interval(secs => extract(epoch FROM periodo)::float8) AS passo) AS i
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.entregas), 0)::bigint AS entregas, taxa_exata(sum(f.no_prazo) / nullif(sum(f.entregas), 0)) AS taxa
    FROM somas_por_rota(ate - 2 * passo + interval '1 microsecond', ate - passo) AS f
  ) AS a CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.entregas), 0)::bigint AS entregas, taxa_exata(sum(f.no_prazo) / nullif(sum(f.entregas), 0)) AS taxa
    FROM somas_por_rota(ate - passo + interval '1 microsecond', ate) AS f
  ) AS b
$$;

ALTER FUNCTION public.mudanca_total(ate timestamp with time zone, periodo interval) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.mudanca_total(ate timestamp with time zone, periodo interval) IS 'The share of deliveries on time in the period before, in the one that ends at the instant, and the change.';

CREATE FUNCTION public.nome_da_transportadora(transportadora text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE(transportadora, '(não informada)'::text);

ALTER FUNCTION public.nome_da_transportadora(transportadora text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.nome_da_transportadora(transportadora text) IS 'What figures call a carrier: its name, or (não informada) where no event says one.';

CREATE TABLE public.codigos (
    transportadora text NOT NULL,
    codigo text NOT NULL,
    id_pacote bigint NOT NULL,
    CONSTRAINT codigos_codigo_check CHECK (((char_length(codigo) >= 1) AND (char_length(codigo) <= 64))),
    CONSTRAINT codigos_transportadora_check CHECK (((char_length(transportadora) >= 1) AND (char_length(transportadora) <= 64)))
);

ALTER TABLE public.codigos OWNER TO rastreio_owner;

COMMENT ON TABLE public.codigos IS 'Which parcel a carrier''s tracking number names. Rows are only ever added; a number given here is changed once, for the one that the sender says.';

COMMENT ON COLUMN public.codigos.id_pacote IS 'Negative: given here, since no event said one.';

CREATE FUNCTION public.nome_do_pacote(pacote bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (pacote > 0) THEN (pacote)::text ELSE COALESCE((SELECT min(((c.transportadora || '/'::text) || c.codigo)) AS min FROM public.codigos c WHERE (c.id_pacote = nome_do_pacote.pacote)), (pacote)::text) END;

ALTER FUNCTION public.nome_do_pacote(pacote bigint) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.nome_do_pacote(pacote bigint) IS 'What people call a package: the number that a sender gave it, else carrier/tracking number, which is also its key in Kafka.';

CREATE FUNCTION public.nome_do_relato(relato jsonb, conhecido boolean) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (conhecido AND (NOT (relato ?| ARRAY['codigo_evento'::text, 'palavra'::text]))) THEN '[]'::jsonb ELSE jsonb_build_array((relato -> 'transportadora'::text), (relato -> 'codigo_evento'::text), (relato -> 'palavra'::text)) END;

ALTER FUNCTION public.nome_do_relato(relato jsonb, conhecido boolean) OWNER TO rastreio_owner;

CREATE FUNCTION public.numero_do_pacote(texto text) RETURNS bigint
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    AS $_$
  WITH dito AS (
    SELECT CASE WHEN n.digitos::numeric <= 9223372036854775807 THEN n.digitos::bigint END AS numero,
           upper(regexp_replace(normalize(texto, NFKC), '\s', '', 'g')) AS nome
    FROM (SELECT substring(texto FROM '^\s*(-?)0*[0-9]{1,19}\s*$') || substring(texto FROM '^\s*-?0*([0-9]{1,19})\s*$') AS digitos) AS n
  )
  SELECT coalesce(
    (SELECT p.id_pacote FROM pacotes p WHERE p.id_pacote = d.numero),
    (SELECT j.id_pacote FROM numeros_juntados j WHERE j.id_dado = d.numero),
    (SELECT c.id_pacote
     FROM generate_series(0, length(d.nome) - 1) AS i (lugar)
     JOIN codigos c ON c.codigo = substr(d.nome, i.lugar + 1)
       AND (i.lugar = 0 OR replace(c.transportadora, ' ', '') || '/' = left(d.nome, i.lugar))
     LEFT JOIN pacotes p ON p.id_pacote = c.id_pacote
     WHERE i.lugar = 0 OR substr(d.nome, i.lugar, 1) = '/'
     ORDER BY p.data_status DESC NULLS LAST, c.transportadora LIMIT 1),
    CASE WHEN d.numero >= 0 THEN d.numero END)
  FROM dito d
$_$;

ALTER FUNCTION public.numero_do_pacote(texto text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.numero_do_pacote(texto text) IS 'The package that a text names: by its number (or the one that it was given before its sender said it), a tracking number, or carrier/tracking number, with or without spaces, in any case. Of several carriers with one tracking number, that of the latest event. Digits that name none are a number all the same; null for any other text.';

CREATE FUNCTION public.ordem_final(ordem smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (ordem >= 60);

ALTER FUNCTION public.ordem_final(ordem smallint) OWNER TO rastreio_owner;

CREATE FUNCTION public.pacotes_ate(instante timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce((SELECT sum(s.total_pacotes) FROM status_dos_pacotes s), 0)::bigint
    - coalesce((SELECT sum(h.variacao) FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)), 0)::bigint
    - iniciados_entre(instante, fim_da_hora(instante), '{}', '{}')
$$;

ALTER FUNCTION public.pacotes_ate(instante timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.palavras_da_correcao(alvo text, detalhes jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (alvo = 'mesmo'::text) THEN NULLIF(jsonb_strip_nulls(jsonb_build_object('transportadora', (detalhes -> 'transportadora'::text), 'codigo_evento', (detalhes -> 'codigo_evento'::text), 'palavra', (detalhes -> 'palavra'::text))), '{}'::jsonb) ELSE NULL::jsonb END;

ALTER FUNCTION public.palavras_da_correcao(alvo text, detalhes jsonb) OWNER TO rastreio_owner;

CREATE FUNCTION public.passo_em_horas(passo interval) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN make_interval(hours => GREATEST(1, (ceil((EXTRACT(epoch FROM passo) / (3600)::numeric)))::integer));

ALTER FUNCTION public.passo_em_horas(passo interval) OWNER TO rastreio_owner;

CREATE FUNCTION public.passo_das_contas(passo interval) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (passo < '01:00:00'::interval) THEN make_interval(mins => GREATEST(1, (ceil((EXTRACT(epoch FROM passo) / (60)::numeric)))::integer)) ELSE public.passo_em_horas(passo) END;

ALTER FUNCTION public.passo_das_contas(passo interval) OWNER TO rastreio_owner;

CREATE FUNCTION public.passo_do_atraso(passo interval, de timestamp with time zone, ate timestamp with time zone) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((passo < '24:00:00'::interval) AND ((EXTRACT(epoch FROM ate) - EXTRACT(epoch FROM de)) <= ((31 * 86400))::numeric)) THEN public.passo_em_horas(passo) ELSE make_interval(hours => (24 * (GREATEST((1)::numeric, ceil((EXTRACT(epoch FROM passo) / (86400)::numeric))))::integer)) END;

ALTER FUNCTION public.passo_do_atraso(passo interval, de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.passos_do_pacote(pacote bigint) RETURNS TABLE(data_evento timestamp with time zone, status_rastreamento text, recebido_em timestamp with time zone, ate timestamp with time zone, permanencia_segundos double precision, p50_segundos double precision, p99_segundos double precision, local text, descricao text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
  cabeca record;
BEGIN
  SELECT p.data_inicio, greatest(p.data_status, p.outra_data) AS data_fim, p.aberto INTO cabeca FROM pacotes p WHERE p.id_pacote = pacote;
  IF NOT FOUND THEN RETURN; END IF;
  -- EXECUTE plans with the two instants known, so that only the chunks between them are planned and read: the time does not grow
  -- with the number of chunks.
  RETURN QUERY EXECUTE $consulta$
    SELECT e.data_evento, e.status_rastreamento, e.recebido_em, e.seguinte,
           extract(epoch FROM coalesce(e.seguinte, CASE WHEN $4 THEN now() END) - e.data_evento)::float8,
           n.p50_segundos, n.p99_segundos, e.local, e.descricao
    FROM (
      SELECT x.detalhes->>'local' AS local, x.detalhes->>'descricao' AS descricao, x.data_evento, x.status_rastreamento, x.recebido_em, coalesce(c.ordem, 0) AS ordem,
             lead(x.data_evento) OVER (ORDER BY x.data_evento, coalesce(c.ordem, 0), x.status_rastreamento COLLATE "C") AS seguinte
      FROM eventos_rastreamento x LEFT JOIN catalogo_status c ON c.status = x.status_rastreamento
      WHERE x.id_pacote = $1 AND x.data_evento BETWEEN $2 AND $3
    ) AS e
    LEFT JOIN limites_dos_status n USING (status_rastreamento)
    ORDER BY e.data_evento, e.ordem, e.status_rastreamento COLLATE "C"
  $consulta$ USING pacote, cabeca.data_inicio, cabeca.data_fim, cabeca.aberto;
END
$_$;

ALTER FUNCTION public.passos_do_pacote(pacote bigint) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.passos_do_pacote(pacote bigint) IS 'The events of one package in order, the seconds until the next one (until now for the last one of an open package), the p50 and p99 of that status, where the scan was and what the carrier said.';

CREATE FUNCTION public.percentil(p double precision, baldes smallint[], totais bigint[]) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
  inicios CONSTANT bigint[] := limites_dos_baldes();
  n        bigint := 0;
  total    bigint;
  posicao  float8;
  lugar    bigint;
  antes    bigint;
  contado  bigint := 0;
  i        integer := 0;
  b        integer;
  valor    float8;
  primeiro float8;
BEGIN
  IF p < 0 OR p > 1 THEN
    RAISE EXCEPTION 'percentil: p is %, and must be from 0 to 1, for example 0.95', p USING ERRCODE = '22023';
  END IF;
  -- Loops, since a query here would cost more than all the rest: this runs for every lane.
  FOREACH total IN ARRAY totais LOOP n := n + total; END LOOP;
  IF n <= 0 THEN RETURN NULL; END IF;
  posicao := p * (n - 1);
  lugar := floor(posicao);
  FOREACH total IN ARRAY totais LOOP
    i := i + 1;
    antes := contado;
    contado := contado + total;
    -- The value at the place below the position and the one at the next place may be of the same bucket or of two.
    WHILE contado > lugar LOOP
      b := baldes[i];
      valor := CASE
        WHEN b <= 0 THEN 0
        WHEN b >= cardinality(inicios) THEN inicios[cardinality(inicios)] / 1e6
        ELSE (inicios[b] + (inicios[b + 1] - inicios[b]) * ((lugar - antes + 0.5::float8) / total)) / 1e6
      END;
      IF primeiro IS NOT NULL THEN RETURN primeiro + (posicao - floor(posicao)) * (valor - primeiro); END IF;
      IF lugar = n - 1 THEN RETURN valor; END IF;
      primeiro := valor;
      lugar := lugar + 1;
    END LOOP;
  END LOOP;
  RETURN primeiro;
END
$$;

ALTER FUNCTION public.percentil(p double precision, baldes smallint[], totais bigint[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.percentil(p double precision, baldes smallint[], totais bigint[]) IS 'The p-quantile (0..1) in seconds of counts per bucket, buckets in ascending order; within 4 % of percentile_cont, usually 0.3 %. Null when empty.';

CREATE FUNCTION public.permanencia_no_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(status_rastreamento text, passagens bigint, tempo_medio_segundos double precision, p50_segundos double precision, p90_segundos double precision, p95_segundos double precision, p99_segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT
    b.status,
    sum(b.passagens)::bigint,
    (sum(b.segundos) / nullif(sum(b.passagens), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde))
  FROM (
    SELECT r.status, r.balde, sum(r.passagens)::bigint AS passagens, sum(r.segundos) AS segundos
    FROM resumo_permanencia r
    WHERE r.dia BETWEEN (de AT TIME ZONE 'UTC')::date AND (ate AT TIME ZONE 'UTC')::date
      -- The row of all days together is for who asks for nothing else.
      AND (r.dia > '-infinity' OR ate = '-infinity')
    GROUP BY r.status, r.balde
  ) AS b
  GROUP BY b.status
  HAVING sum(b.passagens) > 0
$$;

ALTER FUNCTION public.permanencia_no_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.permanencia_no_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'Time from an event to the next one of the package, by status of the former; passages that ended on a day (UTC) of the range. -infinity to -infinity: all time.';

CREATE FUNCTION public.pontas_do_periodo(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(inicio timestamp with time zone, fim timestamp with time zone, sinal integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN primeiro THEN inicio_do_dia(dia_local(de)) ELSE de END,
         CASE WHEN primeiro THEN de ELSE least(inicio_do_dia(dia_local(de) + 1), ate + interval '1 microsecond') END,
         CASE WHEN primeiro THEN -1 ELSE 1 END
  FROM cortes_do_periodo(de, ate) WHERE de <= ate
  UNION ALL
  SELECT CASE WHEN ultimo THEN ate + interval '1 microsecond' ELSE inicio_do_dia(dia_local(ate)) END,
         CASE WHEN ultimo THEN inicio_do_dia(dia_local(ate) + 1) ELSE ate + interval '1 microsecond' END,
         CASE WHEN ultimo THEN -1 ELSE 1 END
  FROM cortes_do_periodo(de, ate) WHERE de <= ate AND (ultimo OR dia_local(de) < dia_local(ate))
$$;

ALTER FUNCTION public.pontas_do_periodo(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.pontas_do_periodo(de timestamp with time zone, ate timestamp with time zone) IS 'The parts of a range that are no whole local days: with cortes_do_periodo, the whole days and these, each times its sign, are the range.';

CREATE FUNCTION public.por_regiao(nivel text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
  IF nivel IN ('cidade', 'região') THEN RETURN nivel = 'região'; END IF;
  RAISE EXCEPTION 'nivel: % is no level of places; use cidade or região', coalesce(quote_literal(nivel), 'null') USING ERRCODE = '22023';
END
$$;

ALTER FUNCTION public.por_regiao(nivel text) OWNER TO rastreio_owner;

CREATE TABLE public.prazos (
    origem text NOT NULL,
    destino text NOT NULL,
    prazo interval NOT NULL,
    CONSTRAINT prazo_em_dias_e_horas CHECK (((prazo > '00:00:00'::interval) AND (EXTRACT(year FROM prazo) = (0)::numeric) AND (EXTRACT(month FROM prazo) = (0)::numeric))),
    CONSTRAINT rota_inteira CHECK (((origem = '*'::text) = (destino = '*'::text)))
);

ALTER TABLE public.prazos OWNER TO rastreio_owner;

COMMENT ON TABLE public.prazos IS 'Promised delivery time by lane, from the first event to the delivery, in any spelling of its places; * to * is the default.';

CREATE FUNCTION public.prazo_padrao() RETURNS interval
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT prazos.prazo FROM public.prazos WHERE ((prazos.origem = '*'::text) AND (prazos.destino = '*'::text)));

ALTER FUNCTION public.prazo_padrao() OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.prazo_padrao() IS 'The default promise. Over many rows write (SELECT prazo_padrao()), which is computed once, not for each.';

CREATE FUNCTION public.refaz_grafias() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(762007);
  PERFORM insere_grafias(ARRAY(SELECT e.grafia FROM conferencia.lugares_escritos e));
  PERFORM arruma_grafias(NULL);
  PERFORM escolhe_grafias();
  PERFORM julga_de_novo('{}');
END
$$;

ALTER FUNCTION public.refaz_grafias() OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.refaz_grafias() IS 'Makes the dictionary of places what its definition says, with all that is written anywhere, and judges by it.';

CREATE FUNCTION public.refaz_pacotes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  certos CONSTANT conferencia.pacotes[] := (SELECT array_agg(c) FROM conferencia.pacotes_de(ids, inicio, fim) AS c);
BEGIN
  -- An event from before the dictionary of places may be left with a spelling that only it has.
  PERFORM anota_grafias(ARRAY(SELECT origem FROM unnest(certos) UNION SELECT destino FROM unnest(certos)));
  PERFORM iguala_pacotes(certos);
  INSERT INTO pacotes (id_pacote, status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa, origem, destino, data_origem, par_origem, data_destino, par_destino, transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final)
  SELECT c.id_pacote, c.status_atual, c.data_status, c.ordem_status, c.outra_data, c.outra_ordem, c.outro_status, c.data_inicio, c.data_entrega, c.data_tentativa, c.origem, c.destino, c.data_origem, c.par_origem, c.data_destino, c.par_destino, c.transportadora, c.data_transportadora, c.prazo_inicial, c.data_prazo_inicial, c.prazo_final, c.data_prazo_final FROM unnest(certos) AS c
  WHERE NOT EXISTS (SELECT FROM pacotes p WHERE p.id_pacote = c.id_pacote);
  DELETE FROM pacotes WHERE id_pacote = ANY (ids) AND id_pacote NOT IN (SELECT c.id_pacote FROM unnest(certos) AS c);
END
$$;

ALTER FUNCTION public.refaz_pacotes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.relatos_de(detalhes jsonb, recebido timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (detalhes ? 'relatos'::text) THEN (detalhes -> 'relatos'::text) ELSE jsonb_build_array((detalhes || jsonb_build_object('recebido_em', to_char((recebido AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text)))) END;

ALTER FUNCTION public.relatos_de(detalhes jsonb, recebido timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.resume_atualizacao() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  f       smallint;
  padrao  interval;
  quantas bigint;
BEGIN
  SELECT count(*) INTO quantas FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois UNION ALL SELECT -1, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l;
  IF quantas = 0 THEN RETURN NULL; END IF;
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();
  IF quantas < 500 THEN
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois UNION ALL SELECT -1, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois UNION ALL SELECT -1, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  ELSE
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois UNION ALL SELECT -1, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois UNION ALL SELECT -1, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.resume_atualizacao() OWNER TO rastreio_owner;

CREATE FUNCTION public.resume_exclusao() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  f       smallint;
  padrao  interval;
  quantas bigint;
BEGIN
  SELECT count(*) INTO quantas FROM (SELECT -1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l;
  IF quantas = 0 THEN RETURN NULL; END IF;
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();
  IF quantas < 500 THEN
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT -1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT -1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  ELSE
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT -1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT -1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM antes),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.resume_exclusao() OWNER TO rastreio_owner;

CREATE FUNCTION public.resume_insercao() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  f       smallint;
  padrao  interval;
  quantas bigint;
BEGIN
  SELECT count(*) INTO quantas FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois) AS l;
  IF quantas = 0 THEN RETURN NULL; END IF;
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();
  IF quantas < 500 THEN
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  ELSE
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (SELECT 1 AS sinal, origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora FROM depois),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.resume_insercao() OWNER TO rastreio_owner;

CREATE FUNCTION public.resumo_do_pacote(pacote bigint) RETURNS TABLE(id_pacote bigint, origem text, destino text, status_atual text, data_status timestamp with time zone, data_inicio timestamp with time zone, data_entrega timestamp with time zone, idade_segundos double precision, entregas_da_rota bigint, p50_da_rota_segundos double precision, p95_da_rota_segundos double precision, prazo_segundos double precision, prometido_em timestamp with time zone, prazo_inicial timestamp with time zone, prazo_final timestamp with time zone, no_prazo boolean, no_prazo_final boolean, nome text, transportadora text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio, p.data_entrega,
         extract(epoch FROM coalesce(p.data_entrega, CASE WHEN p.aberto THEN now() ELSE p.data_status END) - p.data_inicio)::float8,
         r.entregas,
         CASE WHEN r.entregas >= (SELECT limite('risco_minimo_entregas')) THEN r.p50 END,
         CASE WHEN r.entregas >= (SELECT limite('risco_minimo_entregas')) THEN r.p95 END,
         extract(epoch FROM d.primeiro - p.data_inicio)::float8, d.primeiro, p.prazo_inicial, p.prazo_final,
         CASE WHEN p.data_entrega IS NOT NULL THEN p.data_entrega <= d.primeiro WHEN d.primeiro < now() THEN false END,
         CASE WHEN p.data_entrega IS NOT NULL THEN p.data_entrega <= d.ultimo WHEN d.ultimo < now() THEN false END,
         nome_do_pacote(p.id_pacote), p.transportadora
  FROM pacotes p LEFT JOIN prazos_julgados z USING (origem, destino)
  CROSS JOIN LATERAL (
    SELECT fim_do_prazo(p.prazo_inicial, p.data_inicio, coalesce(z.prazo, prazo_padrao())) AS primeiro,
           fim_do_prazo(p.prazo_final, p.data_inicio, coalesce(z.prazo, prazo_padrao())) AS ultimo
    OFFSET 0 -- once, not in each of the columns above
  ) AS d
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.entregas), 0)::bigint AS entregas,
           percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p50,
           percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p95
    FROM (
      SELECT x.balde, sum(x.entregas) AS entregas
      FROM grafias po JOIN grafias pd ON pd.grafia = p.destino AND pd.id_lugar <> 0
      JOIN grafias o ON o.id_lugar = po.id_lugar JOIN grafias d ON d.id_lugar = pd.id_lugar
      JOIN rotas t ON (t.origem, t.destino) = (o.grafia, d.grafia)
      CROSS JOIN generate_series(-1, 29) AS u (dias)
      JOIN resumo_baldes_rota x ON x.dia = dia_local(now()) - u.dias AND x.id_rota = t.id_rota
      WHERE po.grafia = p.origem AND po.id_lugar <> 0
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;

ALTER FUNCTION public.resumo_do_pacote(pacote bigint) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.resumo_do_pacote(pacote bigint) IS 'One package, its places as carriers wrote them, its age or delivery time, the p50 and p95 of its lane over the last 30 local days (where it has risco_minimo_entregas deliveries), its deadline, its own first and latest promise (null: none), whether the deadline and the latest promise were kept (null: not decided), its name and carrier.';

CREATE FUNCTION public.risco_de_atraso(idade double precision, prazo double precision, baldes smallint[], acima bigint[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN idade >= prazo THEN 1
              ELSE entregas_acima(prazo, baldes, acima) / nullif(entregas_acima(idade, baldes, acima), 0) END
$$;

ALTER FUNCTION public.risco_de_atraso(idade double precision, prazo double precision, baldes smallint[], acima bigint[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.risco_de_atraso(idade double precision, prazo double precision, baldes smallint[], acima bigint[]) IS 'P(delivery time > promise | delivery time > age) by the deliveries of a lane; null without any that took longer than the age.';

CREATE FUNCTION public.rotas_do_nivel(nivel text) RETURNS TABLE(id_rota integer, chave bigint, origem text, destino text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH l AS MATERIALIZED (
    SELECT grafia, id_lugar AS id, lugar AS nome FROM grafias WHERE id_lugar <> 0 AND NOT (SELECT por_regiao(nivel))
    UNION ALL
    SELECT grafia, min(id_lugar) OVER (PARTITION BY coalesce(regiao, lugar)), coalesce(regiao, lugar)
    FROM grafias WHERE id_lugar <> 0 AND (SELECT por_regiao(nivel))
  )
  SELECT t.id_rota, chave_da_rota(o.id, d.id), o.nome, d.nome
  FROM rotas t JOIN l o ON o.grafia = t.origem JOIN l d ON d.grafia = t.destino
$$;

ALTER FUNCTION public.rotas_do_nivel(nivel text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.rotas_do_nivel(nivel text) IS 'Which lane each pair of spellings is of, at the level cidade or região (a place without a known region stands for itself there). Pairs with a place that nobody said are of none.';

CREATE FUNCTION public.sem_limite_de_colunas() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  -- Until the end of the transaction. No SET of the functions themselves: without the extension only a superuser may create one.
  IF current_setting('timescaledb.max_tuples_decompressed_per_dml_transaction', true) <> '0' THEN
    PERFORM set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true);
  END IF;
END
$$;

ALTER FUNCTION public.sem_limite_de_colunas() OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_atrasados(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT soma_trocados('{}', array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, NULL)::evento))
  FROM unnest(pacotes_, datas, situacoes, recebidos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em)
$$;

ALTER FUNCTION public.soma_atrasados(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_atraso(horas timestamp with time zone[], baldes smallint[], quantos bigint[], micros bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH novos AS MATERIALIZED (
    SELECT u.*, f.fatia
    FROM unnest(horas, baldes, quantos, micros) AS u (hora, balde, eventos, us), fatia_livre() AS f (fatia)
  ),
  por_dia AS (
    INSERT INTO resumo_atraso_dia AS r (dia, balde, fatia, eventos)
    SELECT (hora AT TIME ZONE 'UTC')::date, balde, fatia, sum(eventos) FROM novos GROUP BY 1, 2, 3
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos
  )
  INSERT INTO resumo_atraso AS r (hora, balde, fatia, eventos, segundos)
  SELECT hora, balde, fatia, eventos, us * 0.000001 FROM novos
  ON CONFLICT (hora, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos
$$;

ALTER FUNCTION public.soma_atraso(horas timestamp with time zone[], baldes smallint[], quantos bigint[], micros bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_historico(horas timestamp with time zone[], situacoes text[], quantos bigint[], variacoes bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
  SELECT hora, status, f.fatia, eventos, variacao
  FROM unnest(horas, situacoes, quantos, variacoes) AS u (hora, status, eventos, variacao), fatia_livre() AS f (fatia)
  ON CONFLICT (hora, status, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao
$$;

ALTER FUNCTION public.soma_historico(horas timestamp with time zone[], situacoes text[], quantos bigint[], variacoes bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_ingestao() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM resumo_ingestao;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, sum(consumidos), sum(inseridos), sum(duplicados), sum(rejeitados)
    FROM depois GROUP BY 1, 2, 3
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, -sum(consumidos), -sum(inseridos), -sum(duplicados), -sum(rejeitados)
    FROM antes GROUP BY 1, 2, 3
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  ELSE
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, sum(sinal * consumidos), sum(sinal * inseridos), sum(sinal * duplicados),
           sum(sinal * rejeitados)
    FROM (SELECT 1 AS sinal, * FROM depois UNION ALL SELECT -1, * FROM antes) AS u
    GROUP BY 1, 2, 3
    HAVING sum(sinal * consumidos) <> 0 OR sum(sinal * inseridos) <> 0 OR sum(sinal * duplicados) <> 0 OR sum(sinal * rejeitados) <> 0
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  END IF;
  RETURN NULL;
END
$$;

ALTER FUNCTION public.soma_ingestao() OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  INSERT INTO resumo_permanencia AS r (dia, status, balde, fatia, passagens, segundos)
  SELECT coalesce(dia, '-infinity'), status, balde, f.fatia, sum(passagens), sum(us) * 0.000001
  FROM unnest(dias, situacoes, baldes, quantas, micros) AS u (dia, status, balde, passagens, us), fatia_livre() AS f (fatia)
  GROUP BY GROUPING SETS ((dia, status, balde, f.fatia), (status, balde, f.fatia))
  HAVING sum(passagens) <> 0 OR sum(us) <> 0
  ON CONFLICT (dia, status, balde, fatia) DO UPDATE
    SET passagens = r.passagens + excluded.passagens, segundos = r.segundos + excluded.segundos
$$;

ALTER FUNCTION public.soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.soma_trocados(sairam public.evento[], entraram public.evento[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  f smallint := fatia_livre();
BEGIN
  WITH velhos AS MATERIALIZED (SELECT * FROM unnest(sairam)),
  novos AS MATERIALIZED (SELECT * FROM unnest(entraram)),
  mudados AS MATERIALIZED (SELECT id_pacote FROM velhos UNION SELECT id_pacote FROM novos),
  cadeia AS MATERIALIZED (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, c.status AS conhecido, c.ordem, c.terminal,
           n.id_pacote IS NOT NULL AS novo, false AS velho
    FROM mudados d
    JOIN pacotes p USING (id_pacote)
    -- The bounds let the hypertable leave chunks out.
    JOIN eventos_rastreamento e ON e.id_pacote = d.id_pacote AND e.data_evento BETWEEN p.data_inicio AND greatest(p.data_status, p.outra_data)
    LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    LEFT JOIN novos n ON (n.id_pacote, n.data_evento, n.status_rastreamento) = (e.id_pacote, e.data_evento, e.status_rastreamento)
    UNION ALL
    SELECT v.id_pacote, v.data_evento, v.status_rastreamento, c.status, c.ordem, c.terminal, false, true
    FROM velhos v LEFT JOIN catalogo_status c ON c.status = v.status_rastreamento
    UNION ALL
    -- Where the events before are removed (npm run db:retain), the last of them is still what the next one followed.
    SELECT a.id_pacote, a.data_evento, a.status_rastreamento, c.status, c.ordem, c.terminal, false, false
    FROM mudados d
    JOIN eventos_anteriores a USING (id_pacote)
    LEFT JOIN catalogo_status c ON c.status = a.status_rastreamento
    WHERE a.data_evento < (SELECT removidos_ate FROM retencao)
  ),
  -- After the change, and before it. A known event and the unknown ones after it are a group: a final one stays what is current in it.
  grupos AS (
    SELECT s.sinal, c.*, count(c.conhecido) OVER (PARTITION BY s.sinal, c.id_pacote ORDER BY c.data_evento, coalesce(c.ordem, 0), c.status COLLATE "C") AS grupo
    FROM cadeia c JOIN (VALUES (1), (-1)) AS s (sinal) ON CASE WHEN s.sinal = 1 THEN NOT c.velho ELSE NOT c.novo END
  ),
  situacoes AS (
    SELECT g.*, CASE WHEN first_value(g.terminal) OVER w THEN first_value(g.status) OVER w ELSE g.status END AS atual
    FROM grupos g
    WINDOW w AS (PARTITION BY g.sinal, g.id_pacote, g.grupo ORDER BY g.data_evento, coalesce(g.ordem, 0), g.status COLLATE "C")
  ),
  passos AS MATERIALIZED (
    SELECT s.sinal, s.data_evento, s.status, s.atual, lag(s.atual) OVER w AS deixado, lag(s.status) OVER w AS de,
           s.data_evento - lag(s.data_evento) OVER w AS duracao
    FROM situacoes s
    WINDOW w AS (PARTITION BY s.sinal, s.id_pacote ORDER BY s.data_evento, coalesce(s.ordem, 0), s.status COLLATE "C")
  ),
  historico AS (
    INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
    SELECT date_trunc('hour', data_evento, 'UTC'), u.status, f, sum(u.eventos), sum(u.variacao)
    FROM passos, LATERAL (VALUES (status, sinal, 0), (atual, 0, sinal), (deixado, 0, -sinal)) AS u (status, eventos, variacao)
    WHERE u.status IS NOT NULL
    GROUP BY 1, 2 HAVING sum(u.eventos) <> 0 OR sum(u.variacao) <> 0
    ON CONFLICT (hora, status, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao
  ),
  recebidos AS MATERIALIZED (
    SELECT 1 AS sinal, recebido_em, data_evento FROM novos UNION ALL SELECT -1, recebido_em, data_evento FROM velhos
  ),
  atraso AS (
    INSERT INTO resumo_atraso AS r (hora, balde, fatia, eventos, segundos)
    SELECT date_trunc('hour', recebido_em, 'UTC'), balde(recebido_em - data_evento), f, sum(sinal), sum(sinal * extract(epoch FROM recebido_em - data_evento))
    FROM recebidos GROUP BY 1, 2 HAVING sum(sinal) <> 0 OR sum(sinal * extract(epoch FROM recebido_em - data_evento)) <> 0
    ON CONFLICT (hora, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos
  ),
  atraso_dia AS (
    INSERT INTO resumo_atraso_dia AS r (dia, balde, fatia, eventos)
    SELECT (recebido_em AT TIME ZONE 'UTC')::date, balde(recebido_em - data_evento), f, sum(sinal)
    FROM recebidos GROUP BY 1, 2 HAVING sum(sinal) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos
  )
  INSERT INTO resumo_permanencia AS r (dia, status, balde, fatia, passagens, segundos)
  SELECT coalesce(dia, '-infinity'), status, balde, f, sum(sinal), sum(segundos)
  FROM (
    SELECT (data_evento AT TIME ZONE 'UTC')::date AS dia, de AS status, balde(duracao) AS balde, sinal,
           sinal * extract(epoch FROM duracao) AS segundos
    FROM passos WHERE de IS NOT NULL
  ) AS s
  GROUP BY GROUPING SETS ((dia, status, balde), (status, balde))
  HAVING sum(sinal) <> 0 OR sum(segundos) <> 0
  ON CONFLICT (dia, status, balde, fatia) DO UPDATE
    SET passagens = r.passagens + excluded.passagens, segundos = r.segundos + excluded.segundos;
END
$$;

ALTER FUNCTION public.soma_trocados(sairam public.evento[], entraram public.evento[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.somas_por_rota(de timestamp with time zone, ate timestamp with time zone) RETURNS TABLE(id_rota integer, entregas bigint, segundos numeric, no_prazo bigint, no_prazo_final bigint, tentativa_no_prazo bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate))
  SELECT s.id_rota, sum(s.entregas)::bigint, sum(s.segundos), sum(s.no_prazo)::bigint, sum(s.no_prazo_final)::bigint,
         sum(s.tentativa_no_prazo)::bigint
  FROM (
    SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.no_prazo_final, r.tentativa_no_prazo
    FROM resumo_entregas_rota r
    WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
      AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
    UNION ALL
    SELECT t.id_rota, e.entregas, e.segundos, e.no_prazo, e.no_prazo_final, e.tentativa_no_prazo
    FROM entregas_das_pontas(de, ate) AS e JOIN rotas t USING (origem, destino)
  ) AS s
  GROUP BY s.id_rota
  HAVING sum(s.entregas) > 0
$$;

ALTER FUNCTION public.somas_por_rota(de timestamp with time zone, ate timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.somas_por_rota(de timestamp with time zone, ate timestamp with time zone) IS 'Deliveries in the range by lane: count, sum of delivery times, how many were on time, in three definitions.';

CREATE FUNCTION public.status_em(instante timestamp with time zone) RETURNS TABLE(status_rastreamento text, total_pacotes bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH eventos AS (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, c.status AS conhecido, coalesce(c.ordem, 0) AS ordem
    FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento > instante AND e.data_evento < fim_da_hora(instante)
  ),
  -- The latest event of the rest of the hour, and the latest known one.
  da_hora AS MATERIALIZED (
    SELECT id_pacote, (array_agg(status ORDER BY data_evento DESC, ordem DESC, status COLLATE "C" DESC))[1] AS ultimo,
           (array_agg(conhecido ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido IS NOT NULL))[1] AS conhecido
    FROM eventos GROUP BY id_pacote
  ),
  pares AS MATERIALIZED (
    SELECT d.*, a.conhecido AS antes_conhecido, a.status AS antes_ultimo
    FROM da_hora d
    -- Packages that began later had no status yet: without this, all older chunks would be asked for them. No lower bound for the
    -- events: leaving chunks out anew for each package takes longer than the look into one more index.
    LEFT JOIN pacotes p ON p.id_pacote = d.id_pacote AND p.data_inicio <= instante
    LEFT JOIN LATERAL (
      SELECT x.status, x.conhecido
      FROM (
        (SELECT 1 AS lugar, e.status_rastreamento AS status, c.status AS conhecido
         FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
         WHERE e.id_pacote = p.id_pacote AND e.data_evento <= instante
         ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
         LIMIT 1)
        UNION ALL
        (SELECT 2, r.status_rastreamento, c.status
         FROM eventos_anteriores r LEFT JOIN catalogo_status c ON c.status = r.status_rastreamento
         WHERE r.id_pacote = p.id_pacote AND r.data_evento <= instante
         ORDER BY r.data_evento DESC, coalesce(c.ordem, 0) DESC, r.status_rastreamento COLLATE "C" DESC
         LIMIT 1)
      ) AS x ORDER BY x.lugar LIMIT 1
    ) AS a ON true
  ),
  antes AS MATERIALIZED (
    SELECT p.*, CASE WHEN p.antes_ultimo IS NULL OR p.antes_conhecido IS NOT NULL THEN p.antes_ultimo
                     ELSE coalesce((SELECT f.status FROM final_conhecido(p.id_pacote, instante) AS f), p.antes_ultimo) END AS antes
    FROM pares p
  )
  SELECT u.status, sum(u.total)::bigint
  FROM (
    SELECT r.status, r.total FROM resumo_status r
    UNION ALL
    SELECT h.status, -h.variacao FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)
    UNION ALL
    -- At the end of the hour. An unknown status leaves a final one as it is, be that of the hour or from before it.
    SELECT CASE WHEN c.terminal THEN c.status ELSE a.ultimo END, -1
    FROM antes a LEFT JOIN catalogo_status c ON c.status = coalesce(a.conhecido, a.antes)
    UNION ALL
    SELECT a.antes, 1 FROM antes a WHERE a.antes IS NOT NULL
  ) AS u
  GROUP BY u.status
  HAVING sum(u.total) <> 0
$$;

ALTER FUNCTION public.status_em(instante timestamp with time zone) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.status_em(instante timestamp with time zone) IS 'Packages by the status they had at an instant, late events included.';

CREATE FUNCTION public.status_em(instante timestamp with time zone, origens text[], destinos text[]) RETURNS TABLE(status_rastreamento text, total_pacotes bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em(instante) AS s
  WHERE coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em_dos_lugares(instante, grafias_de(origens), grafias_de(destinos)) AS s
  WHERE coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0
$$;

ALTER FUNCTION public.status_em(instante timestamp with time zone, origens text[], destinos text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.status_em(instante timestamp with time zone, origens text[], destinos text[]) IS 'Packages of some origins and destinations by the status they had at an instant; empty lists are no restriction.';

CREATE FUNCTION public.status_em_dos_lugares(instante timestamp with time zone, origens text[], destinos text[]) RETURNS TABLE(status_rastreamento text, total_pacotes bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
BEGIN
  RETURN QUERY EXECUTE $consulta$
    SELECT s.status, count(*)
    FROM (
      SELECT CASE WHEN u.agora OR u.status IS NULL OR c.status IS NOT NULL THEN u.status
                  ELSE coalesce((SELECT f.status FROM final_conhecido(u.id_pacote, $1) AS f), u.status) END AS status
      FROM (
        SELECT p.id_pacote, p.data_status <= $1 AS agora, CASE WHEN p.data_status <= $1 THEN p.status_atual ELSE coalesce(
          (SELECT e.status_rastreamento
           FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
           WHERE e.id_pacote = p.id_pacote AND e.data_evento <= $1 AND e.data_evento > $4
           ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT 1),
          (SELECT e.status_rastreamento
           FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
           WHERE e.id_pacote = p.id_pacote AND e.data_evento <= $4
           ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT 1),
          (SELECT a.status_rastreamento
           FROM eventos_anteriores a LEFT JOIN catalogo_status c ON c.status = a.status_rastreamento
           WHERE a.id_pacote = p.id_pacote AND a.data_evento <= $1
           ORDER BY a.data_evento DESC, coalesce(c.ordem, 0) DESC, a.status_rastreamento COLLATE "C" DESC LIMIT 1)) END AS status
        FROM pacotes p
        WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3) AND p.data_inicio <= $1
        OFFSET 0 -- else the condition below would look everything up a second time
      ) AS u LEFT JOIN catalogo_status c ON c.status = u.status
    ) AS s
    WHERE s.status IS NOT NULL
    GROUP BY s.status
  $consulta$ USING instante, origens, destinos, instante - interval '15 days';
END
$_$;

ALTER FUNCTION public.status_em_dos_lugares(instante timestamp with time zone, origens text[], destinos text[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.taxa_exata(taxa numeric) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((round((taxa * ('1099511627776'::bigint)::numeric)))::double precision / ('1099511627776'::bigint)::double precision);

ALTER FUNCTION public.taxa_exata(taxa numeric) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.taxa_exata(taxa numeric) IS 'A share rounded to a multiple of 2^-40, so that sums and differences of such numbers are exact.';

CREATE TABLE public.resumo_ingestao (
    hora timestamp with time zone NOT NULL,
    topico text NOT NULL,
    fatia smallint NOT NULL,
    consumidos bigint NOT NULL,
    inseridos bigint NOT NULL,
    duplicados bigint NOT NULL,
    rejeitados bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_ingestao OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_ingestao IS 'What became of consumed messages (table ingestao) by hour and topic. Slices to be summed: partitions, so that their writers do not wait for each other.';

CREATE FUNCTION public.tempo_ate_eventos(desde timestamp with time zone, quantos double precision) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH semanas AS MATERIALIZED (
          SELECT s.semana
            FROM generate_series(1, 4) s(semana)
           WHERE ((public.inicio_da_hora(tempo_ate_eventos.desde) - ((s.semana)::double precision * '168:00:00'::interval)) > ( SELECT min(r.hora) AS min
                    FROM public.resumo_ingestao r))
         ), eventos AS MATERIALIZED (
          SELECT h.n,
             s.semana,
             ( SELECT (COALESCE(sum(r.inseridos), (0)::numeric))::double precision AS "coalesce"
                    FROM public.resumo_ingestao r
                   WHERE (r.hora = ((public.inicio_da_hora(tempo_ate_eventos.desde) + ((h.n)::double precision * '01:00:00'::interval)) - ((s.semana)::double precision * '168:00:00'::interval)))) AS eventos
            FROM (generate_series(0, 48) h(n)
              CROSS JOIN semanas s)
         ), horas AS (
          SELECT e.n,
             percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY e.eventos) AS eventos
            FROM eventos e
           GROUP BY e.n
         ), ate AS (
          SELECT h.n,
             h.eventos,
             sum(
                 CASE
                     WHEN (h.n = 0) THEN (h.eventos * ((1)::double precision - d.parte))
                     ELSE h.eventos
                 END) OVER (ORDER BY h.n) AS soma,
             d.parte
            FROM horas h,
             ( SELECT ((EXTRACT(epoch FROM (tempo_ate_eventos.desde - public.inicio_da_hora(tempo_ate_eventos.desde))) / (3600)::numeric))::double precision AS parte) d
         )
  SELECT COALESCE(( SELECT ((3600)::double precision * ((((a.n + 1))::double precision - a.parte) - ((a.soma - tempo_ate_eventos.quantos) / a.eventos)))
            FROM ate a
           WHERE ((a.soma >= tempo_ate_eventos.quantos) AND (a.eventos > (0)::double precision))
           ORDER BY a.n
          LIMIT 1), (( SELECT (48 * 3600)
            FROM semanas
          LIMIT 1))::double precision) AS "coalesce";
END;

ALTER FUNCTION public.tempo_ate_eventos(desde timestamp with time zone, quantos double precision) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.tempo_ate_eventos(desde timestamp with time zone, quantos double precision) IS 'How many seconds after an instant so many new events used to have come in the same hours of up to four weeks before, at most two days; null where nothing is known of then.';

CREATE FUNCTION public.texto_imprimivel(texto text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
  perigosos CONSTANT text := '[\u0001-\u001F\u007F-\u009F\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F]';
BEGIN
  IF texto !~ perigosos THEN RETURN texto; END IF;
  RETURN (
    SELECT string_agg(
      CASE
        WHEN c !~ perigosos THEN c
        WHEN c = E'\n' THEN '\n' WHEN c = E'\r' THEN '\r' WHEN c = E'\t' THEN '\t'
        WHEN ascii(c) < 65536 THEN '\u' || lpad(to_hex(ascii(c)), 4, '0')
        ELSE '\u' || to_hex(55296 + (ascii(c) - 65536) / 1024) || '\u' || to_hex(56320 + (ascii(c) - 65536) % 1024)
      END, '' ORDER BY n)
    FROM regexp_split_to_table(texto, '') WITH ORDINALITY AS u (c, n));
END
$$;

ALTER FUNCTION public.texto_imprimivel(texto text) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.texto_imprimivel(texto text) IS 'Text in one line whose control and format characters are written as escapes.';

CREATE FUNCTION public.time_bucket(bucket_width interval, ts timestamp without time zone) RETURNS timestamp without time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$SELECT date_bin(bucket_width, ts, timestamp '2000-01-03 00:00:00')$$;

ALTER FUNCTION public.time_bucket(bucket_width interval, ts timestamp without time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.time_bucket(bucket_width interval, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$SELECT date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00')$$;

ALTER FUNCTION public.time_bucket(bucket_width interval, ts timestamp with time zone) OWNER TO rastreio_owner;

CREATE FUNCTION public.tranca_pacotes(ids bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  trancados bigint[] := ARRAY(SELECT id_pacote FROM pacotes WHERE id_pacote = ANY (ids) ORDER BY id_pacote FOR UPDATE);
BEGIN
  trancados := trancados || ARRAY(
    SELECT id_pacote FROM correcoes WHERE id_pacote = ANY (ids)
    ORDER BY id_pacote, data_evento, status_rastreamento, alvo FOR UPDATE);
  RETURN ARRAY(SELECT unnest(ids) EXCEPT SELECT unnest(trancados));
END
$$;

ALTER FUNCTION public.tranca_pacotes(ids bigint[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.transportadoras_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval, escolhidas text[]) RETURNS TABLE("time" timestamp with time zone, transportadora text, entregas bigint, taxa_no_prazo double precision, tempo_medio_segundos double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  WITH com AS MATERIALIZED (
    SELECT inicio_do_passo(r.dia, passo) AS inicio, r.transportadora, sum(r.entregas) AS entregas, sum(r.no_prazo) AS no_prazo, sum(r.segundos) AS segundos
    FROM resumo_entregas_transportadora r
    WHERE r.dia >= dia_local(inicio_do_passo(dia_local(de), passo)) AND r.dia <= dia_local(ate)
    GROUP BY 1, 2
  ),
  todas AS MATERIALIZED (
    SELECT * FROM com
    UNION ALL
    SELECT s.inicio, nome_da_transportadora(NULL), sum(s.entregas), sum(s.no_prazo), sum(s.segundos)
    FROM (
      SELECT inicio_do_passo(r.dia, passo) AS inicio, r.entregas, r.no_prazo, r.segundos FROM resumo_entregas r
      WHERE r.dia > '-infinity' AND r.dia >= dia_local(inicio_do_passo(dia_local(de), passo)) AND r.dia <= dia_local(ate)
      UNION ALL
      SELECT c.inicio, -c.entregas, -c.no_prazo, -c.segundos FROM com c
    ) AS s GROUP BY 1
  ),
  maiores AS (
    SELECT t.transportadora FROM todas t WHERE escolhida(t.transportadora, escolhidas)
    GROUP BY 1 HAVING sum(t.entregas) > 0 ORDER BY sum(t.entregas) DESC, 1 LIMIT 12
  )
  SELECT t.inicio, t.transportadora, t.entregas::bigint, (t.no_prazo / t.entregas)::float8, (t.segundos / t.entregas)::float8
  FROM todas t JOIN maiores USING (transportadora)
  WHERE t.entregas > 0 ORDER BY 1, 2
$$;

ALTER FUNCTION public.transportadoras_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval, escolhidas text[]) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.transportadoras_por_passo(de timestamp with time zone, ate timestamp with time zone, passo interval, escolhidas text[]) IS 'Deliveries of chosen carriers (an empty list: all), of the twelve with most of them, by step of whole local days: count, share within the first promise, mean delivery time.';

CREATE FUNCTION public.troca_eventos(saem public.evento[], entram public.evento[]) RETURNS public.evento[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  todos    CONSTANT evento[] := coalesce(saem, '{}') || coalesce(entram, '{}');
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  velho    evento;
  sai      evento;
  ids      bigint[];
  inicio   timestamptz;
  fim      timestamptz;
  sairam   evento[];
  entraram evento[];
BEGIN
  SELECT * INTO velho FROM unnest(todos) AS u WHERE u.data_evento < horizonte_ LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the event of % of package % is from before %: what db:retain removes or has removed cannot be exchanged any more; leave it out',
      velho.data_evento, velho.id_pacote, horizonte_ USING ERRCODE = '22023';
  END IF;
  SELECT array_agg(DISTINCT u.id_pacote), min(u.data_evento), max(u.data_evento) INTO ids, inicio, fim FROM unnest(todos) AS u;
  IF ids IS NULL THEN RETURN '{}'; END IF;
  PERFORM FROM pacotes WHERE id_pacote = ANY (ids) ORDER BY id_pacote FOR UPDATE;
  SELECT least(inicio, min(data_inicio)), greatest(fim, max(data_status), max(outra_data)) INTO inicio, fim FROM pacotes WHERE id_pacote = ANY (ids);

  PERFORM sem_limite_de_colunas();
  -- Of a package that was quiet since before the horizon pacotes alone knows the last events, which those put in follow.
  INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
  SELECT p.id_pacote, m.data, m.status
  FROM pacotes p CROSS JOIN LATERAL (VALUES (p.data_status, p.status_atual), (p.outra_data, p.outro_status)) AS m (data, status)
  WHERE p.id_pacote = ANY (ids) AND greatest(p.data_status, p.outra_data) < horizonte_ AND m.data IS NOT NULL
  ON CONFLICT DO NOTHING;

  SELECT array_agg(ROW(e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em,
                       coalesce(e.detalhes, jsonb_build_object('origem', p.origem, 'destino', p.destino)))::evento)
  INTO sairam
  FROM (SELECT DISTINCT u.id_pacote, u.data_evento, u.status_rastreamento FROM unnest(saem) AS u) AS s
  CROSS JOIN LATERAL (
    SELECT * FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (s.id_pacote, s.data_evento, s.status_rastreamento) OFFSET 0
  ) AS e
  LEFT JOIN pacotes p ON p.id_pacote = s.id_pacote;
  FOREACH sai IN ARRAY coalesce(sairam, '{}') LOOP
    EXECUTE format(
      'DELETE FROM eventos_rastreamento WHERE id_pacote = %L::bigint AND data_evento = %L::timestamptz AND status_rastreamento = %L',
      sai.id_pacote, sai.data_evento, sai.status_rastreamento);
  END LOOP;

  WITH dentro AS (
    INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
    SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes FROM unnest(entram) AS u
    ON CONFLICT DO NOTHING
    RETURNING *
  )
  SELECT array_agg(ROW(d.id_pacote, d.data_evento, d.status_rastreamento, d.recebido_em, d.detalhes)::evento) INTO entraram FROM dentro d;
  IF cardinality(entram) > coalesce(cardinality(entraram), 0) THEN PERFORM junta_relatos(entram); END IF;

  -- Of a package with removed events pacotes alone knows what these promised: what the events that are out promised is not to pass for it.
  UPDATE pacotes p SET
    prazo_inicial      = CASE WHEN s.primeiro THEN NULL ELSE p.prazo_inicial END,
    data_prazo_inicial = CASE WHEN s.primeiro THEN NULL ELSE p.data_prazo_inicial END,
    prazo_final        = CASE WHEN s.ultimo THEN NULL ELSE p.prazo_final END,
    data_prazo_final   = CASE WHEN s.ultimo THEN NULL ELSE p.data_prazo_final END
  FROM (
    SELECT q.id_pacote,
           bool_or((d.em, d.prazo) = (q.data_prazo_inicial, q.prazo_inicial)) AS primeiro,
           bool_or((d.em, d.prazo) = (q.data_prazo_final, q.prazo_final)) AS ultimo
    FROM unnest(sairam) AS u JOIN pacotes q USING (id_pacote)
    CROSS JOIN LATERAL (VALUES
      (coalesce((u.detalhes->>'prazo_em')::timestamptz, u.data_evento), (u.detalhes->>'prazo')::timestamptz),
      (coalesce((u.detalhes->>'prazo_final_em')::timestamptz, u.data_evento), (u.detalhes->>'prazo_final')::timestamptz)
    ) AS d (em, prazo)
    WHERE q.data_inicio < horizonte_ GROUP BY 1
  ) AS s
  WHERE p.id_pacote = s.id_pacote AND (s.primeiro OR s.ultimo);

  PERFORM refaz_pacotes(ids, inicio, fim);
  PERFORM soma_trocados(sairam, entraram);
  RETURN coalesce(sairam, '{}');
END
$$;

ALTER FUNCTION public.troca_eventos(saem public.evento[], entram public.evento[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.troca_guardados(saem public.evento[], entram public.evento[], correcoes_saem public.correcao[], correcoes_entram public.correcao[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  ids    CONSTANT bigint[] := ARRAY(SELECT id_pacote FROM unnest(correcoes_saem) UNION SELECT id_pacote FROM unnest(correcoes_entram));
  antes  CONSTANT bigint := (SELECT count(*) FROM correcoes WHERE id_pacote = ANY (ids));
  depois bigint;
  nova   correcao;
BEGIN
  DELETE FROM correcoes c USING unnest(correcoes_saem) AS s
  WHERE (c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo) = (s.id_pacote, s.data_evento, s.status_rastreamento, s.alvo);
  FOREACH nova IN ARRAY coalesce(correcoes_entram, '{}') LOOP
    INSERT INTO correcoes (id_pacote, data_evento, status_rastreamento, alvo, recebido_em, detalhes) SELECT nova.* ON CONFLICT DO NOTHING;
    PERFORM junta_correcao(nova);
  END LOOP;
  depois := (SELECT count(*) FROM correcoes WHERE id_pacote = ANY (ids));
  UPDATE retencao SET fora_da_conta = fora_da_conta + antes - depois WHERE antes <> depois;
  PERFORM troca_mensagens(saem, entram);
  IF ids <> '{}' THEN PERFORM aplica_correcoes(ids); END IF;
END
$$;

ALTER FUNCTION public.troca_guardados(saem public.evento[], entram public.evento[], correcoes_saem public.correcao[], correcoes_entram public.correcao[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.troca_mensagens(saem public.evento[], entram public.evento[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
DECLARE
  ids        CONSTANT bigint[] := ARRAY(SELECT id_pacote FROM unnest(saem) UNION SELECT id_pacote FROM unnest(entram));
  quantos    CONSTANT text := 'SELECT (SELECT count(*) FROM eventos_rastreamento WHERE id_pacote = ANY ($1)) + (SELECT count(*) FROM eventos_corrigidos WHERE id_pacote = ANY ($1))';
  antes      bigint;
  depois     bigint;
  corrigidos bigint;
  contados   bigint;
BEGIN
  EXECUTE quantos INTO antes USING ids;
  DELETE FROM eventos_corrigidos e USING unnest(saem) AS s
  WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (s.id_pacote, s.data_evento, s.status_rastreamento);
  GET DIAGNOSTICS corrigidos = ROW_COUNT;
  -- One that is taken back already is only reported once more.
  PERFORM junta_relatos(entram);
  contados := cardinality(troca_eventos(saem, (
    SELECT array_agg(n) FROM unnest(entram) AS n
    WHERE NOT EXISTS (
      SELECT FROM eventos_corrigidos e
      WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (n.id_pacote, n.data_evento, n.status_rastreamento)))));
  PERFORM aplica_correcoes((SELECT array_agg(DISTINCT c.id_pacote) FROM correcoes c WHERE c.id_pacote = ANY (ids)));
  EXECUTE quantos INTO depois USING ids;
  UPDATE retencao SET fora_da_conta = fora_da_conta + antes - depois WHERE antes <> depois;
  RETURN corrigidos + contados;
END
$_$;

ALTER FUNCTION public.troca_mensagens(saem public.evento[], entram public.evento[]) OWNER TO rastreio_owner;

CREATE FUNCTION public.ultimos_dias(dias integer) RETURNS date[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT array_agg(dia_local(now()) - d) FROM generate_series(-1, dias - 1) AS d $$;

ALTER FUNCTION public.ultimos_dias(dias integer) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.ultimos_dias(dias integer) IS 'The last local days, today as one of them, and tomorrow: events may be a little ahead. Write = ANY ((SELECT ultimos_dias(30))::date[]), computed once.';

CREATE FUNCTION public.ultimos_eventos(de timestamp with time zone, ate timestamp with time zone, origens text[], destinos text[], situacoes text[], limite integer) RETURNS TABLE(data_evento timestamp with time zone, id_pacote text, status_rastreamento text, origem text, destino text)
    LANGUAGE plpgsql STABLE
    SET max_parallel_workers_per_gather TO '0'
    AS $_$
DECLARE
  -- More packages are not even counted; so many single hours are read one by one; a look into the index of a chunk takes as long as reading
  -- so many events.
  muitos_pacotes CONSTANT integer := 20000;
  poucas_horas   CONSTANT integer := 100;
  por_consulta   CONSTANT integer := 25;
  lugares  CONSTANT boolean := coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0;
  recebido CONSTANT timestamptz := (SELECT u.recebido_ate FROM ultimo_recebimento u);
  mostra   CONSTANT text := $mostra$
    SELECT e.data_evento, e.id_pacote::text, e.status_rastreamento,
           coalesce((SELECT g.lugar FROM grafias g WHERE g.grafia = p.origem), p.origem),
           coalesce((SELECT g.lugar FROM grafias g WHERE g.grafia = p.destino), p.destino)$mostra$;
  escolhe  CONSTANT text := $escolhe$ WHERE e.data_evento >= $1 AND e.data_evento < $2 AND escolhida(e.status_rastreamento, $5)$escolhe$;
  ordena   CONSTANT text := $ordena$
    ORDER BY e.data_evento DESC, e.id_pacote, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT $6$ordena$;
  das_situacoes CONSTANT text := ' LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento';
  dos_lugares CONSTANT text := mostra || ' FROM %s AS e JOIN pacotes p ON p.id_pacote = e.id_pacote' || das_situacoes || escolhe
    || ' AND escolhida(p.origem, $3) AND escolhida(p.destino, $4)' || ordena;
  de_todos CONSTANT text := mostra || ' FROM (SELECT e.* FROM %s AS e' || das_situacoes || escolhe || ordena
    || ') AS e JOIN pacotes p ON p.id_pacote = e.id_pacote' || das_situacoes || ordena;
  seguida text;
  avulsa  text;
  pacotes_dos_lugares bigint;
  tempo   numeric;
  partes  bigint;
  lidos   numeric;
  passadas refcursor;
  h       record;
  ultima  boolean;
  horas   timestamptz[] := '{}';
  eventos float8 := 0;
  alvo    float8 := coalesce(greatest(limite, 1)::float8, 'infinity');
  resto   integer := limite;
  topo    timestamptz := ate + interval '1 microsecond';
  base    timestamptz;
  largura interval;
  achados bigint;
BEGIN
  IF limite = 0 THEN RETURN; END IF;
  origens := grafias_de(origens);
  destinos := grafias_de(destinos);
  de := greatest(de, (SELECT removidos_ate FROM retencao));
  IF lugares THEN
    SELECT count(*) INTO pacotes_dos_lugares
    FROM (SELECT FROM pacotes p WHERE escolhida(p.origem, origens) AND escolhida(p.destino, destinos) LIMIT muitos_pacotes + 1) AS n;
    IF pacotes_dos_lugares = 0 THEN RETURN; END IF;
    -- How much of all time the range is, and the chunks that it touches, as if all were of one length.
    SELECT greatest(0, extract(epoch FROM least(ate, x.ultima) - greatest(de, x.primeira)))
             / greatest(1, extract(epoch FROM x.ultima - x.primeira)) INTO tempo
    FROM (SELECT min(hora) AS primeira, max(hora) AS ultima FROM resumo_historico) AS x;
    SELECT 1 + ceil(count(*) * tempo) INTO partes FROM pg_inherits WHERE inhparent = 'eventos_rastreamento'::regclass;
    SELECT least(r.todos, limite * r.todos / greatest(1, r.escolhidos * pacotes_dos_lugares / t.pacotes)) INTO lidos
    FROM (SELECT sum(x.eventos) AS todos, sum(x.eventos) FILTER (WHERE escolhida(x.status, situacoes)) AS escolhidos
          FROM resumo_historico x WHERE x.hora >= inicio_da_hora(de) AND x.hora <= ate) AS r,
      (SELECT greatest(1, sum(s.total_pacotes)) AS pacotes FROM status_dos_pacotes s) AS t
    WHERE r.escolhidos > 0;
    -- Of this many events as many as are wanted are expected to be theirs; with a margin, since to look once more costs more. Of places that
    -- have too many packages to be counted the newest events come soon.
    alvo := alvo * CASE WHEN pacotes_dos_lugares > muitos_pacotes THEN 4
                        ELSE greatest(1, 1.5 * (SELECT sum(s.total_pacotes) FROM status_dos_pacotes s) / pacotes_dos_lugares)::float8 END;
    -- Every package of the places is read, and of those of the range the events. OFFSET 0: package by package, or the planner would rather
    -- read all events at once.
    IF pacotes_dos_lugares <= muitos_pacotes AND pacotes_dos_lugares * (1 + tempo * partes * por_consulta) < lidos THEN
      RETURN QUERY EXECUTE mostra || $fonte$ FROM (
        SELECT * FROM pacotes q WHERE escolhida(q.origem, $3) AND escolhida(q.destino, $4) AND q.data_inicio < $2 AND greatest(q.data_status, q.outra_data) >= $1
      ) AS p CROSS JOIN LATERAL (
        SELECT * FROM eventos_rastreamento x WHERE x.id_pacote = p.id_pacote AND x.data_evento >= $1 AND x.data_evento < $2 OFFSET 0
      ) AS e$fonte$ || das_situacoes || escolhe || ordena USING de, topo, origens, destinos, situacoes, limite;
      RETURN;
    END IF;
  END IF;
  -- With places packages decide which events count; else the newest events come first, then their packages.
  seguida := format(CASE WHEN lugares THEN dos_lugares ELSE de_todos END, 'eventos_rastreamento');
  avulsa := format(CASE WHEN lugares THEN dos_lugares ELSE de_todos END, $fonte$(
    SELECT x.* FROM unnest($7) AS u (hora) CROSS JOIN LATERAL (
      SELECT * FROM eventos_rastreamento y
      WHERE y.data_evento >= u.hora AND y.data_evento < u.hora + interval '1 hour' AND y.data_evento >= $1 AND y.data_evento < $2 OFFSET 0
    ) AS x
  )$fonte$);

  -- EXECUTE plans with the values known; a cursor that only its beginning is likely to be read.
  OPEN passadas NO SCROLL FOR EXECUTE $horas$
    SELECT x.hora, sum(x.eventos)::float8 AS eventos FROM resumo_historico x
    WHERE x.hora >= inicio_da_hora($1) AND x.hora <= $2 AND (coalesce(cardinality($3), 0) = 0 OR x.status = ANY ($3))
    GROUP BY x.hora HAVING sum(x.eventos) > 0 ORDER BY x.hora DESC
  $horas$ USING de, ate, situacoes;
  <<leitura>>
  LOOP
    FETCH passadas INTO h;
    ultima := NOT FOUND;
    IF NOT ultima AND cardinality(horas) = 0 AND h.eventos > 4 * alvo THEN
      -- Nothing that is looked for lies between it and what was read before.
      topo := least(topo, h.hora + interval '1 hour');
      -- As if they lay evenly in it, and four times as much each time. What carriers' clocks put ahead of all that was received is in the first part.
      base := least(topo, recebido);
      largura := interval '1 hour' * (2 * alvo / h.eventos);
      WHILE topo > greatest(h.hora, de) LOOP
        base := greatest(h.hora, de, base - largura);
        RETURN QUERY EXECUTE seguida USING base, topo, origens, destinos, situacoes, resto;
        GET DIAGNOSTICS achados = ROW_COUNT;
        resto := resto - achados;
        EXIT leitura WHEN resto <= 0;
        topo := base;
        largura := largura * 4;
      END LOOP;
      CONTINUE;
    END IF;
    IF NOT ultima THEN
      horas := horas || h.hora;
      eventos := eventos + h.eventos;
      CONTINUE WHEN eventos < alvo;
    END IF;
    EXIT WHEN cardinality(horas) = 0;
    base := greatest(horas[cardinality(horas)], de);
    -- Hours that lie apart are looked up one by one.
    RETURN QUERY EXECUTE CASE WHEN cardinality(horas) <= poucas_horas AND topo > base + 2 * cardinality(horas) * interval '1 hour' THEN avulsa ELSE seguida END
      USING base, topo, origens, destinos, situacoes, resto, horas;
    GET DIAGNOSTICS achados = ROW_COUNT;
    resto := resto - achados;
    EXIT WHEN resto <= 0 OR ultima;
    topo := base;
    horas := '{}';
    eventos := 0;
    alvo := alvo * 4;
  END LOOP;
  CLOSE passadas;
END
$_$;

ALTER FUNCTION public.ultimos_eventos(de timestamp with time zone, ate timestamp with time zone, origens text[], destinos text[], situacoes text[], limite integer) OWNER TO rastreio_owner;

COMMENT ON FUNCTION public.ultimos_eventos(de timestamp with time zone, ate timestamp with time zone, origens text[], destinos text[], situacoes text[], limite integer) IS 'The newest events of the range, of some origins, destinations and statuses; empty lists are no restriction.';

CREATE VIEW conferencia.prazos_julgados AS
 SELECT o.grafia AS origem,
    d.grafia AS destino,
    min(z.prazo) AS prazo
   FROM ((((public.prazos z
     JOIN public.grafias zo ON (((zo.grafia = z.origem) AND (zo.id_lugar <> 0))))
     JOIN public.grafias zd ON (((zd.grafia = z.destino) AND (zd.id_lugar <> 0))))
     JOIN public.grafias o ON ((o.id_lugar = zo.id_lugar)))
     JOIN public.grafias d ON ((d.id_lugar = zd.id_lugar)))
  WHERE (z.origem <> '*'::text)
  GROUP BY o.grafia, d.grafia
UNION ALL
 SELECT prazos.origem,
    prazos.destino,
    prazos.prazo
   FROM public.prazos
  WHERE (prazos.origem = '*'::text);

ALTER VIEW conferencia.prazos_julgados OWNER TO rastreio_owner;

CREATE VIEW conferencia.entregas AS
 SELECT e.data_entrega,
    e.origem,
    e.destino,
    (e.data_entrega - e.data_inicio) AS duracao,
    (e.data_entrega <= public.fim_do_prazo(e.prazo_inicial, e.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao)))) AS no_prazo,
    ((e.data_tentativa IS NULL) OR (e.data_tentativa > e.data_entrega)) AS na_primeira,
    (e.data_entrega <= public.fim_do_prazo(e.prazo_final, e.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao)))) AS no_prazo_final,
    (LEAST(e.data_tentativa, e.data_entrega) <= public.fim_do_prazo(e.prazo_inicial, e.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao)))) AS tentativa_no_prazo,
    e.transportadora
   FROM (public.pacotes e
     LEFT JOIN conferencia.prazos_julgados z USING (origem, destino))
  WHERE (e.data_entrega IS NOT NULL);

ALTER VIEW conferencia.entregas OWNER TO rastreio_owner;

CREATE TABLE public.correcoes (
    id_pacote bigint NOT NULL,
    data_evento timestamp with time zone NOT NULL,
    status_rastreamento text NOT NULL,
    alvo text NOT NULL,
    recebido_em timestamp with time zone NOT NULL,
    detalhes jsonb,
    transacao xid8 DEFAULT pg_current_xact_id(),
    CONSTRAINT correcoes_alvo_check CHECK ((alvo = ANY (ARRAY['mesmo'::text, 'anterior'::text]))),
    CONSTRAINT correcoes_status_rastreamento_check CHECK (((char_length(status_rastreamento) >= 1) AND (char_length(status_rastreamento) <= 100)))
);

ALTER TABLE public.correcoes OWNER TO rastreio_owner;

COMMENT ON TABLE public.correcoes IS 'Every message that takes an event back, once. It may come before its event.';

COMMENT ON COLUMN public.correcoes.alvo IS 'mesmo: takes back the event of the same package, instant and status. anterior: the package''s latest event that is left and not after its own instant.';

COMMENT ON COLUMN public.correcoes.detalhes IS 'By which words it named its event, as in eventos_rastreamento.detalhes: transportadora, codigo_evento, palavra; null: nothing.';

COMMENT ON COLUMN public.correcoes.transacao IS 'Which transaction wrote it, for batches that are written meanwhile; null: one from before there was this column.';

CREATE TABLE public.eventos_corrigidos (
    id_pacote bigint NOT NULL,
    data_evento timestamp with time zone NOT NULL,
    status_rastreamento text NOT NULL,
    recebido_em timestamp with time zone NOT NULL,
    detalhes jsonb NOT NULL,
    corrigido_em timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.eventos_corrigidos OWNER TO rastreio_owner;

COMMENT ON TABLE public.eventos_corrigidos IS 'Events that are taken back, whole: no figure counts them, and each comes back when a later message shows that another one was meant.';

COMMENT ON COLUMN public.eventos_corrigidos.detalhes IS 'As in eventos_rastreamento, with the places that the event says in any case.';

COMMENT ON COLUMN public.eventos_corrigidos.corrigido_em IS 'When it was taken back.';

CREATE VIEW conferencia.eventos_corrigidos AS
 WITH ids AS (
         SELECT array_agg(u.id_pacote) AS todos
           FROM ( SELECT correcoes.id_pacote
                   FROM public.correcoes
                UNION
                 SELECT eventos_corrigidos.id_pacote
                   FROM public.eventos_corrigidos) u
        ), eventos AS (
         SELECT e_1.id_pacote,
            e_1.data_evento,
            e_1.status_rastreamento,
            true AS conta
           FROM public.eventos_rastreamento e_1
          WHERE (e_1.id_pacote = ANY (( SELECT ids.todos
                   FROM ids)::bigint[]))
        UNION ALL
         SELECT eventos_corrigidos.id_pacote,
            eventos_corrigidos.data_evento,
            eventos_corrigidos.status_rastreamento,
            false
           FROM public.eventos_corrigidos
        )
 SELECT e.id_pacote,
    e.data_evento,
    e.status_rastreamento,
    e.conta,
    (r.id_pacote IS NOT NULL) AS deve_contar
   FROM (eventos e
     LEFT JOIN ( SELECT DISTINCT r_1.id_pacote,
            r_1.data_evento,
            r_1.status_rastreamento
           FROM ids,
            LATERAL public.eventos_restantes(ids.todos, '-infinity'::timestamp with time zone, 'infinity'::timestamp with time zone) r_1(id_pacote, data_evento, status_rastreamento)) r ON (((r.id_pacote = e.id_pacote) AND (r.data_evento = e.data_evento) AND (r.status_rastreamento = e.status_rastreamento))))
  WHERE (e.data_evento >= ( SELECT retencao.horizonte
           FROM public.retencao));

ALTER VIEW conferencia.eventos_corrigidos OWNER TO rastreio_owner;

CREATE VIEW conferencia.grafias AS
 SELECT n.grafia,
    n.dita,
    n.nome,
    ((n.nome || '/'::text) || r.regiao) AS chave,
    NULLIF(r.regiao, ''::text) AS regiao
   FROM (( SELECT p.grafia,
            p.dita,
            p.nome,
            p.sua,
            min(NULLIF(p.sua, ''::text)) OVER w AS primeira,
            max(NULLIF(p.sua, ''::text)) OVER w AS ultima
           FROM ( SELECT d.grafia,
                    d.dita,
                    regexp_replace(d.dita, '/[^/]*$'::text, ''::text) AS nome,
                    "substring"(d.dita, '[^/]*$'::text) AS sua
                   FROM ( SELECT g.grafia,
                            public.lugar_dito(public.dobra_lugar(g.grafia)) AS dita
                           FROM public.grafias g
                         OFFSET 0) d) p
          WINDOW w AS (PARTITION BY p.nome)) n
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((n.sua = ''::text) AND (n.primeira = n.ultima)) THEN n.primeira
                    ELSE n.sua
                END AS regiao) r);

ALTER VIEW conferencia.grafias OWNER TO rastreio_owner;

CREATE TABLE public.rotas (
    id_rota integer NOT NULL,
    origem text NOT NULL,
    destino text NOT NULL
);

ALTER TABLE public.rotas OWNER TO rastreio_owner;

COMMENT ON TABLE public.rotas IS 'Lanes with a delivery, and the number that stands for each in the summaries. Rows are only ever added.';

CREATE VIEW conferencia.lugares_escritos AS
 WITH RECURSIVE r AS (
         SELECT ''::text AS origem,
            ''::text AS destino
        UNION ALL
         SELECT p.origem,
            p.destino
           FROM (r
             CROSS JOIN LATERAL ( SELECT p_1.origem,
                    p_1.destino
                   FROM public.pacotes p_1
                  WHERE (ROW((p_1.origem COLLATE "C"), (p_1.destino COLLATE "C")) > ROW(r.origem, r.destino))
                  ORDER BY (p_1.origem COLLATE "C"), (p_1.destino COLLATE "C")
                 LIMIT 1) p)
        )
 SELECT r.origem AS grafia
   FROM r
  WHERE (r.origem <> ''::text)
UNION
 SELECT r.destino AS grafia
   FROM r
  WHERE (r.destino <> ''::text)
UNION
 SELECT rotas.origem AS grafia
   FROM public.rotas
UNION
 SELECT rotas.destino AS grafia
   FROM public.rotas
UNION
 SELECT prazos.origem AS grafia
   FROM public.prazos
  WHERE (prazos.origem <> '*'::text)
UNION
 SELECT prazos.destino AS grafia
   FROM public.prazos
  WHERE (prazos.destino <> '*'::text)
UNION
 SELECT limites_por_rota.origem AS grafia
   FROM public.limites_por_rota
UNION
 SELECT limites_por_rota.destino AS grafia
   FROM public.limites_por_rota;

ALTER VIEW conferencia.lugares_escritos OWNER TO rastreio_owner;

CREATE TABLE public.removidos_atraso (
    hora timestamp with time zone NOT NULL,
    balde smallint NOT NULL,
    eventos bigint NOT NULL,
    segundos numeric NOT NULL
);

ALTER TABLE public.removidos_atraso OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_atraso AS
 SELECT hora,
    balde,
    (sum(eventos))::bigint AS eventos,
    sum(segundos) AS segundos
   FROM ( SELECT atraso.hora,
            atraso.balde,
            atraso.eventos,
            atraso.segundos
           FROM conferencia.atraso('infinity'::timestamp with time zone) atraso(hora, balde, eventos, segundos)
        UNION ALL
         SELECT removidos_atraso.hora,
            removidos_atraso.balde,
            removidos_atraso.eventos,
            removidos_atraso.segundos
           FROM public.removidos_atraso) a
  GROUP BY hora, balde;

ALTER VIEW conferencia.resumo_atraso OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_atraso_dia AS
 SELECT ((hora AT TIME ZONE 'UTC'::text))::date AS dia,
    balde,
    (sum(eventos))::bigint AS eventos
   FROM conferencia.resumo_atraso
  GROUP BY (((hora AT TIME ZONE 'UTC'::text))::date), balde;

ALTER VIEW conferencia.resumo_atraso_dia OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_baldes_rota AS
 SELECT public.dia_local(entregas.data_entrega) AS dia,
    COALESCE(rotas.id_rota, 0) AS id_rota,
    public.balde(entregas.duracao) AS balde,
    (count(*))::integer AS entregas
   FROM (conferencia.entregas
     LEFT JOIN public.rotas USING (origem, destino))
  GROUP BY (public.dia_local(entregas.data_entrega)), COALESCE(rotas.id_rota, 0), (public.balde(entregas.duracao));

ALTER VIEW conferencia.resumo_baldes_rota OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_baldes_transportadora AS
 SELECT public.dia_local(data_entrega) AS dia,
    transportadora,
    public.balde(duracao) AS balde,
    (count(*))::integer AS entregas
   FROM conferencia.entregas
  WHERE (transportadora IS NOT NULL)
  GROUP BY (public.dia_local(data_entrega)), transportadora, (public.balde(duracao));

ALTER VIEW conferencia.resumo_baldes_transportadora OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_coortes AS
 SELECT public.dia_local(pacotes.data_inicio) AS dia,
    pacotes.status_atual AS status,
    (floor((EXTRACT(epoch FROM (pacotes.data_entrega - pacotes.data_inicio)) / (86400)::numeric)))::smallint AS dias,
    count(*) AS total,
    count(*) FILTER (WHERE (pacotes.data_entrega <= public.fim_do_prazo(pacotes.prazo_inicial, pacotes.data_inicio, COALESCE(prazos_julgados.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))))) AS no_prazo
   FROM (public.pacotes
     LEFT JOIN conferencia.prazos_julgados USING (origem, destino))
  GROUP BY (public.dia_local(pacotes.data_inicio)), pacotes.status_atual, ((floor((EXTRACT(epoch FROM (pacotes.data_entrega - pacotes.data_inicio)) / (86400)::numeric)))::smallint);

ALTER VIEW conferencia.resumo_coortes OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_entregas AS
 SELECT COALESCE(dia, '-infinity'::date) AS dia,
    balde,
    count(*) AS entregas,
    sum(EXTRACT(epoch FROM duracao)) AS segundos,
    count(*) FILTER (WHERE no_prazo) AS no_prazo,
    count(*) FILTER (WHERE na_primeira) AS na_primeira,
    count(*) FILTER (WHERE no_prazo_final) AS no_prazo_final,
    count(*) FILTER (WHERE tentativa_no_prazo) AS tentativa_no_prazo
   FROM ( SELECT public.dia_local(entregas.data_entrega) AS dia,
            public.balde(entregas.duracao) AS balde,
            entregas.data_entrega,
            entregas.origem,
            entregas.destino,
            entregas.duracao,
            entregas.no_prazo,
            entregas.na_primeira,
            entregas.no_prazo_final,
            entregas.tentativa_no_prazo,
            entregas.transportadora
           FROM conferencia.entregas) e
  GROUP BY GROUPING SETS ((dia, balde), (balde));

ALTER VIEW conferencia.resumo_entregas OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_entregas_rota AS
 SELECT public.dia_local(entregas.data_entrega) AS dia,
    COALESCE(rotas.id_rota, 0) AS id_rota,
    count(*) AS entregas,
    sum(EXTRACT(epoch FROM entregas.duracao)) AS segundos,
    count(*) FILTER (WHERE entregas.no_prazo) AS no_prazo,
    count(*) FILTER (WHERE entregas.na_primeira) AS na_primeira,
    count(*) FILTER (WHERE entregas.no_prazo_final) AS no_prazo_final,
    count(*) FILTER (WHERE entregas.tentativa_no_prazo) AS tentativa_no_prazo
   FROM (conferencia.entregas
     LEFT JOIN public.rotas USING (origem, destino))
  GROUP BY (public.dia_local(entregas.data_entrega)), COALESCE(rotas.id_rota, 0);

ALTER VIEW conferencia.resumo_entregas_rota OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_entregas_transportadora AS
 SELECT public.dia_local(data_entrega) AS dia,
    transportadora,
    count(*) AS entregas,
    sum(EXTRACT(epoch FROM duracao)) AS segundos,
    count(*) FILTER (WHERE no_prazo) AS no_prazo,
    count(*) FILTER (WHERE na_primeira) AS na_primeira,
    count(*) FILTER (WHERE no_prazo_final) AS no_prazo_final,
    count(*) FILTER (WHERE tentativa_no_prazo) AS tentativa_no_prazo
   FROM conferencia.entregas
  WHERE (transportadora IS NOT NULL)
  GROUP BY (public.dia_local(data_entrega)), transportadora;

ALTER VIEW conferencia.resumo_entregas_transportadora OWNER TO rastreio_owner;

CREATE TABLE public.removidos_historico (
    hora timestamp with time zone NOT NULL,
    status text NOT NULL,
    eventos bigint NOT NULL,
    variacao bigint NOT NULL
);

ALTER TABLE public.removidos_historico OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_historico AS
 SELECT hora,
    status,
    (sum(eventos))::bigint AS eventos,
    (sum(variacao))::bigint AS variacao
   FROM ( SELECT historico.hora,
            historico.status,
            historico.eventos,
            historico.variacao
           FROM conferencia.historico('infinity'::timestamp with time zone) historico(hora, status, eventos, variacao)
        UNION ALL
         SELECT removidos_historico.hora,
            removidos_historico.status,
            removidos_historico.eventos,
            removidos_historico.variacao
           FROM public.removidos_historico) h
  GROUP BY hora, status;

ALTER VIEW conferencia.resumo_historico OWNER TO rastreio_owner;

CREATE TABLE public.ingestao (
    minuto timestamp with time zone NOT NULL,
    topico text NOT NULL,
    particao integer NOT NULL,
    consumidos bigint NOT NULL,
    inseridos bigint NOT NULL,
    duplicados bigint NOT NULL,
    rejeitados bigint NOT NULL,
    recebido_ate timestamp with time zone NOT NULL,
    sem_hora bigint DEFAULT 0 NOT NULL,
    CONSTRAINT identidade_contabil CHECK ((consumidos = ((inseridos + duplicados) + rejeitados)))
)
WITH (fillfactor='50');

ALTER TABLE public.ingestao OWNER TO rastreio_owner;

COMMENT ON TABLE public.ingestao IS 'What became of every consumed message, by minute and partition: consumidos = inseridos + duplicados + rejeitados.';

COMMENT ON COLUMN public.ingestao.recebido_ate IS 'Newest time at which Kafka got a message of the batch: how fresh the data are.';

COMMENT ON COLUMN public.ingestao.sem_hora IS 'How many of the messages had a time of their own in Kafka that cannot be true (0, -1, seconds, microseconds, far ahead): recebido_em is when they were read.';

CREATE VIEW conferencia.resumo_ingestao AS
 SELECT public.inicio_da_hora(minuto) AS hora,
    topico,
    (sum(consumidos))::bigint AS consumidos,
    (sum(inseridos))::bigint AS inseridos,
    (sum(duplicados))::bigint AS duplicados,
    (sum(rejeitados))::bigint AS rejeitados
   FROM public.ingestao
  GROUP BY (public.inicio_da_hora(minuto)), topico;

ALTER VIEW conferencia.resumo_ingestao OWNER TO rastreio_owner;

CREATE TABLE public.removidos_permanencia (
    dia date NOT NULL,
    status text NOT NULL,
    balde smallint NOT NULL,
    passagens bigint NOT NULL,
    segundos numeric NOT NULL
);

ALTER TABLE public.removidos_permanencia OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_permanencia AS
 SELECT COALESCE(dia, '-infinity'::date) AS dia,
    status,
    balde,
    (sum(passagens))::bigint AS passagens,
    sum(segundos) AS segundos
   FROM ( SELECT permanencia.dia,
            permanencia.status,
            permanencia.balde,
            permanencia.passagens,
            permanencia.segundos
           FROM conferencia.permanencia('infinity'::timestamp with time zone) permanencia(dia, status, balde, passagens, segundos)
        UNION ALL
         SELECT removidos_permanencia.dia,
            removidos_permanencia.status,
            removidos_permanencia.balde,
            removidos_permanencia.passagens,
            removidos_permanencia.segundos
           FROM public.removidos_permanencia) p
  GROUP BY GROUPING SETS ((dia, status, balde), (status, balde));

ALTER VIEW conferencia.resumo_permanencia OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_postagem_transportadora AS
 SELECT public.dia_local(p.data_inicio) AS dia,
    p.transportadora,
    count(*) AS pacotes,
    count(*) FILTER (WHERE (NOT COALESCE(c.terminal, false))) AS abertos
   FROM (public.pacotes p
     LEFT JOIN public.catalogo_status c ON ((c.status = p.status_atual)))
  WHERE (p.transportadora IS NOT NULL)
  GROUP BY (public.dia_local(p.data_inicio)), p.transportadora;

ALTER VIEW conferencia.resumo_postagem_transportadora OWNER TO rastreio_owner;

CREATE VIEW conferencia.resumo_status AS
 SELECT e.status_atual AS status,
    count(*) AS total,
    COALESCE(sum(EXTRACT(epoch FROM e.data_inicio)) FILTER (WHERE (NOT COALESCE(c.terminal, false))), (0)::numeric) AS inicio_segundos
   FROM (public.pacotes e
     LEFT JOIN public.catalogo_status c ON ((c.status = e.status_atual)))
  GROUP BY e.status_atual;

ALTER VIEW conferencia.resumo_status OWNER TO rastreio_owner;

CREATE TABLE public.resumo_status (
    status text NOT NULL,
    fatia smallint NOT NULL,
    total bigint NOT NULL,
    inicio_segundos numeric DEFAULT 0 NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_status OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_status IS 'Packages by current status, in slices to be summed.';

CREATE VIEW public.status_dos_pacotes AS
 SELECT status AS status_rastreamento,
    (sum(total))::bigint AS total_pacotes
   FROM public.resumo_status
  GROUP BY status
 HAVING (sum(total) <> (0)::numeric);

ALTER VIEW public.status_dos_pacotes OWNER TO rastreio_owner;

COMMENT ON VIEW public.status_dos_pacotes IS 'Packages by current status.';

CREATE VIEW public.abertos_por_idade AS
 SELECT f.faixa,
    f.ordem,
    count(p.data_inicio) AS total
   FROM (( VALUES ('até 1 dia'::text,1,'-365000'::integer,1), ('1 a 2 dias'::text,2,1,2), ('2 a 3 dias'::text,3,2,3), ('3 a 5 dias'::text,4,3,5), ('5 a 10 dias'::text,5,5,10), ('10 a 30 dias'::text,6,10,30), ('mais de 30 dias'::text,7,30,365000)) f(faixa, ordem, mais_de, ate)
     LEFT JOIN public.pacotes p ON ((p.aberto AND (p.data_inicio < (now() - make_interval(hours => (24 * f.mais_de)))) AND (p.data_inicio >= (now() - make_interval(hours => (24 * f.ate)))))))
  WHERE (EXISTS ( SELECT
           FROM public.status_dos_pacotes))
  GROUP BY f.faixa, f.ordem
  ORDER BY f.ordem;

ALTER VIEW public.abertos_por_idade OWNER TO rastreio_owner;

COMMENT ON VIEW public.abertos_por_idade IS 'Open packages by age since their first event; all ages, also those that no package has; no row while there is no package.';

CREATE TABLE public.resumo_atraso (
    hora timestamp with time zone NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    eventos bigint NOT NULL,
    segundos numeric NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_atraso OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_atraso IS 'Ingest delay (recebido_em - data_evento) of accepted events by hour of receipt and bucket. Slices to be summed.';

CREATE VIEW public.ultimo_recebimento AS
 WITH RECURSIVE topicos AS (
         SELECT ''::text AS topico
        UNION ALL
         SELECT ( SELECT i.topico
                   FROM public.ingestao i
                  WHERE (i.topico > t.topico)
                  ORDER BY i.topico
                 LIMIT 1) AS topico
           FROM topicos t
          WHERE (t.topico IS NOT NULL)
        ), ultimo AS MATERIALIZED (
         SELECT GREATEST(( SELECT max(r.recebido_ate) AS max
                   FROM (topicos t
                     CROSS JOIN LATERAL ( SELECT i.recebido_ate
                           FROM public.ingestao i
                          WHERE ((i.topico = t.topico) AND ((i.recebido_ate - i.minuto) <= '00:01:00'::interval) AND (i.inseridos > 0))
                          ORDER BY i.recebido_ate DESC
                         LIMIT 1) r)), ( SELECT (max(i.minuto) + '00:01:00'::interval)
                   FROM public.ingestao i
                  WHERE (((i.recebido_ate - i.minuto) > '00:01:00'::interval) AND (i.inseridos > 0)))) AS recebido_ate
        )
 SELECT s.segundos,
    (s.aviso * GREATEST((1)::double precision, (e.segundos / s.critico))) AS segundos_aviso,
    GREATEST(s.critico, e.segundos) AS segundos_critico,
    s.recebido_ate
   FROM (( SELECT (EXTRACT(epoch FROM (now() - u.recebido_ate)))::double precision AS segundos,
            ( SELECT public.limite('silencio_aviso'::text) AS limite) AS aviso,
            ( SELECT public.limite('silencio'::text) AS limite) AS critico,
            u.recebido_ate
           FROM ( SELECT
                        CASE
                            WHEN (ultimo.recebido_ate IS NOT NULL) THEN LEAST(ultimo.recebido_ate, now())
                            ELSE NULL::timestamp with time zone
                        END AS recebido_ate
                   FROM ultimo) u) s
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (s.segundos > LEAST(s.aviso, s.critico)) THEN public.tempo_ate_eventos(s.recebido_ate, ( SELECT public.limite('silencio_eventos'::text) AS limite))
                    ELSE NULL::double precision
                END AS segundos) e);

ALTER VIEW public.ultimo_recebimento OWNER TO rastreio_owner;

COMMENT ON VIEW public.ultimo_recebimento IS 'One row: seconds since the newest message came in that brought a new event, by Kafka or by an import (null when none ever came), and its limits: those of the table limites, longer where silencio_eventos events would not yet have come in the same hours of past weeks.';

CREATE VIEW public.atraso_tipico AS
 WITH u AS MATERIALIZED (
         SELECT ultimo_recebimento.recebido_ate
           FROM public.ultimo_recebimento
        )
 SELECT percentile_disc((0.5)::double precision) WITHIN GROUP (ORDER BY (public.percentil((0.9)::double precision, baldes, eventos))) AS p90_segundos,
    percentile_disc((0.5)::double precision) WITHIN GROUP (ORDER BY (public.percentil((0.99)::double precision, baldes, eventos))) AS p99_segundos
   FROM ( SELECT array_agg(b.balde ORDER BY b.balde) AS baldes,
            array_agg(b.eventos ORDER BY b.balde) AS eventos
           FROM ( SELECT r.hora,
                    r.balde,
                    (sum(r.eventos))::bigint AS eventos
                   FROM public.resumo_atraso r
                  WHERE ((r.hora > ( SELECT (u.recebido_ate - '24:00:00'::interval)
                           FROM u)) AND (r.hora <= ( SELECT u.recebido_ate
                           FROM u)) AND (r.balde <= public.balde(((r.hora + '01:00:00'::interval) - ( SELECT min(resumo_atraso.hora) AS min
                           FROM public.resumo_atraso)))))
                  GROUP BY r.hora, r.balde) b
          GROUP BY b.hora) h;

ALTER VIEW public.atraso_tipico OWNER TO rastreio_owner;

COMMENT ON VIEW public.atraso_tipico IS 'The medians, over the last 24 hours that received something, of p90 and p99 of ingest delay, without events from before the first receipt; null when nothing was received.';

CREATE TABLE public.resumo_historico (
    hora timestamp with time zone NOT NULL,
    status text NOT NULL,
    fatia smallint NOT NULL,
    eventos bigint NOT NULL,
    variacao bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_historico OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_historico IS 'By hour and status: events with the status, and by how many the number of packages in it changed. Slices to be summed.';

CREATE VIEW public.completude_por_hora AS
 WITH fim AS MATERIALIZED (
         SELECT (( SELECT ultimo_recebimento.recebido_ate
                   FROM public.ultimo_recebimento) - make_interval(secs => GREATEST(( SELECT atraso_tipico.p99_segundos
                   FROM public.atraso_tipico), (0)::double precision))) AS ate,
            ( SELECT min(resumo_historico.hora) AS min
                   FROM public.resumo_historico) AS primeira
        ), horas AS MATERIALIZED (
         SELECT r.hora,
            (sum(r.eventos))::bigint AS eventos
           FROM public.resumo_historico r
          WHERE ((r.hora >= (public.inicio_da_hora(now()) - '840:00:00'::interval)) AND (r.hora <= now()))
          GROUP BY r.hora
        ), esperadas AS MATERIALIZED (
         SELECT h_1.hora,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((COALESCE(p.eventos, (0)::bigint))::double precision)) AS esperados
           FROM (((fim
             CROSS JOIN LATERAL generate_series((public.inicio_da_hora(now()) - '168:00:00'::interval), (public.inicio_da_hora(fim.ate) - '01:00:00'::interval), '01:00:00'::interval) h_1(hora))
             CROSS JOIN generate_series(1, 4) s(semanas))
             LEFT JOIN horas p ON ((p.hora = (h_1.hora - ((s.semanas)::double precision * '168:00:00'::interval)))))
          WHERE ((h_1.hora - ((s.semanas)::double precision * '168:00:00'::interval)) >= fim.primeira)
          GROUP BY h_1.hora
        )
 SELECT e.hora,
    COALESCE(h.eventos, (0)::bigint) AS eventos,
    e.esperados,
    ((e.esperados >= ( SELECT public.limite('completude_volume'::text) AS limite)) AND ((COALESCE(h.eventos, (0)::bigint))::double precision < (e.esperados * ( SELECT public.limite('completude_minima'::text) AS limite)))) AS incompleta
   FROM (esperadas e
     LEFT JOIN horas h USING (hora));

ALTER VIEW public.completude_por_hora OWNER TO rastreio_owner;

COMMENT ON VIEW public.completude_por_hora IS 'Hours of the last seven days that can be judged: events that happened in them, the median of the same hours of up to four weeks before, and whether too few are here.';

CREATE VIEW public.dados_completos AS
 SELECT COALESCE((segundos <= segundos_critico), false) AS completos
   FROM public.ultimo_recebimento;

ALTER VIEW public.dados_completos OWNER TO rastreio_owner;

COMMENT ON VIEW public.dados_completos IS 'One row: whether new events still come (ultimo_recebimento within the limit silencio). While they do not, figures are of the past and rules on deliveries keep quiet.';

CREATE VIEW public.alerta_completude AS
 SELECT (count(*) FILTER (WHERE (incompleta AND (hora >= (public.inicio_da_hora(now()) - '24:00:00'::interval)))))::double precision AS valor,
    ( SELECT public.limite('horas_incompletas'::text) AS limite) AS limite
   FROM public.completude_por_hora
  WHERE (( SELECT dados_completos.completos
           FROM public.dados_completos) AND (NOT public.feriado_desde((public.dia_local(now()) - 2))))
 HAVING (count(*) > 0);

ALTER VIEW public.alerta_completude OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_completude IS 'How many of the last 24 hours that can be judged have too few events (completude_por_hora), and the limit.';

CREATE VIEW public.alerta_consumidor AS
 SELECT (GREATEST(max(EXTRACT(epoch FROM (minuto - recebido_ate))), (0)::numeric))::double precision AS valor,
    ( SELECT public.limite('consumidor_atraso'::text) AS limite) AS limite
   FROM ( SELECT DISTINCT ON (ingestao.topico, ingestao.particao) ingestao.minuto,
            ingestao.recebido_ate
           FROM public.ingestao
          WHERE ((ingestao.minuto > (now() - '00:10:00'::interval)) AND (ingestao.topico !~~ 'csv:%'::text))
          ORDER BY ingestao.topico, ingestao.particao, ingestao.minuto DESC) u;

ALTER VIEW public.alerta_consumidor OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_consumidor IS 'Seconds that the newest message of the slowest partition had waited in Kafka when it was written, in the last ten minutes, and the limit.';

CREATE VIEW public.confiabilidade AS
 WITH r AS MATERIALIZED (
         SELECT ultimo_recebimento.recebido_ate,
            ultimo_recebimento.segundos,
            ultimo_recebimento.segundos_critico
           FROM public.ultimo_recebimento
        ), a AS MATERIALIZED (
         SELECT atraso_tipico.p99_segundos
           FROM public.atraso_tipico
        ), c AS MATERIALIZED (
         SELECT min(completude_por_hora.hora) FILTER (WHERE completude_por_hora.incompleta) AS primeira_incompleta,
            ((sum(completude_por_hora.eventos) FILTER (WHERE (completude_por_hora.hora >= (public.inicio_da_hora(now()) - '24:00:00'::interval))))::double precision / NULLIF(sum(completude_por_hora.esperados) FILTER (WHERE (completude_por_hora.hora >= (public.inicio_da_hora(now()) - '24:00:00'::interval))), (0)::double precision)) AS completude
           FROM public.completude_por_hora
        ), d AS MATERIALIZED (
         SELECT (abs((i.inseridos - h.eventos)))::bigint AS eventos,
            GREATEST(k.diferenca_cartas, (0)::bigint) AS cartas
           FROM ( SELECT COALESCE(sum(resumo_ingestao.inseridos), (0)::numeric) AS inseridos
                   FROM public.resumo_ingestao) i,
            ( SELECT (((( SELECT COALESCE(sum(resumo_historico.eventos), (0)::numeric) AS "coalesce"
                           FROM public.resumo_historico) + (( SELECT count(*) AS count
                           FROM public.eventos_corrigidos))::numeric) + (( SELECT count(*) AS count
                           FROM public.correcoes))::numeric) + (( SELECT retencao.fora_da_conta
                           FROM public.retencao))::numeric) AS eventos) h,
            public.contabilidade((now() - '24:00:00'::interval), now()) k(consumidos, inseridos, duplicados, rejeitados, diferenca, cartas, diferenca_cartas, nunca_chegaram, sem_hora)
        )
 SELECT
        CASE
            WHEN ((d.eventos + d.cartas) = 0) THEN LEAST((r.recebido_ate - make_interval(secs => GREATEST(a.p99_segundos, (0)::double precision))), c.primeira_incompleta)
            ELSE NULL::timestamp with time zone
        END AS confiavel_ate,
        CASE
            WHEN ((d.eventos + d.cartas) = 0) THEN (EXTRACT(epoch FROM (now() - LEAST((r.recebido_ate - make_interval(secs => GREATEST(a.p99_segundos, (0)::double precision))), c.primeira_incompleta))))::double precision
            ELSE NULL::double precision
        END AS idade_segundos,
    r.segundos AS frescor_segundos,
    a.p99_segundos AS atraso_p99_segundos,
    c.completude,
    c.primeira_incompleta AS primeira_hora_incompleta,
        CASE
            WHEN ((r.recebido_ate IS NOT NULL) OR ((d.eventos + d.cartas) > 0)) THEN (d.eventos + d.cartas)
            ELSE NULL::bigint
        END AS diferenca_contabil,
        CASE
            WHEN (d.eventos > 0) THEN (('Conta não fecha: '::text || d.eventos) ||
            CASE d.eventos
                WHEN 1 THEN ' evento'::text
                ELSE ' eventos'::text
            END)
            WHEN (d.cartas > 0) THEN (('Conta não fecha: '::text || d.cartas) ||
            CASE d.cartas
                WHEN 1 THEN ' mensagem rejeitada'::text
                ELSE ' mensagens rejeitadas'::text
            END)
            WHEN ((r.recebido_ate IS NULL) OR (a.p99_segundos IS NULL)) THEN 'Sem dados'::text
            WHEN ((c.primeira_incompleta IS NOT NULL) OR (r.segundos > r.segundos_critico)) THEN ('Faltam leituras desde '::text || to_char((LEAST(c.primeira_incompleta,
            CASE
                WHEN (r.segundos > r.segundos_critico) THEN r.recebido_ate
                ELSE NULL::timestamp with time zone
            END) AT TIME ZONE public.fuso()), 'DD/MM HH24:MI'::text))
            ELSE 'Confiável'::text
        END AS situacao
   FROM r,
    a,
    c,
    d;

ALTER VIEW public.confiabilidade OWNER TO rastreio_owner;

COMMENT ON VIEW public.confiabilidade IS 'One row: up to when figures can be relied on, by the newest receipt, the ingest delay, the hours that lack events and the accounting; and why not further.';

CREATE TABLE public.mensagens_perdidas (
    topico text NOT NULL,
    particao integer NOT NULL,
    cluster text NOT NULL,
    desde bigint NOT NULL,
    ate bigint NOT NULL,
    percebido_em timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mensagens_perdidas_check CHECK ((ate > desde))
);

ALTER TABLE public.mensagens_perdidas OWNER TO rastreio_owner;

COMMENT ON TABLE public.mensagens_perdidas IS 'Messages that Kafka removed (retention) before they were read: offsets from desde up to ate, without ate. At most so many, since some offsets may have held no message.';

CREATE VIEW public.alerta_conta AS
 SELECT (((COALESCE(c.diferenca_contabil, (0)::bigint))::numeric + p.perdidas))::double precision AS valor,
    (0)::double precision AS limite
   FROM public.confiabilidade c,
    ( SELECT COALESCE(sum((mensagens_perdidas.ate - mensagens_perdidas.desde)), (0)::numeric) AS perdidas
           FROM public.mensagens_perdidas
          WHERE (mensagens_perdidas.percebido_em > (now() - '24:00:00'::interval))) p
  WHERE ((c.diferenca_contabil IS NOT NULL) OR (p.perdidas > (0)::numeric));

ALTER VIEW public.alerta_conta OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_conta IS 'Messages or events by which the accounting does not balance (confiabilidade), with those of the last 24 hours that Kafka removed before they were read, and the limit 0.';

CREATE VIEW public.alerta_desconhecidos AS
 SELECT
        CASE
            WHEN ((desconhecidos)::double precision >= ( SELECT public.limite('desconhecidos_minimo'::text) AS limite)) THEN ((100)::double precision * ((desconhecidos / eventos))::double precision)
            ELSE (0)::double precision
        END AS valor,
    ((100)::double precision * ( SELECT public.limite('desconhecidos_parte'::text) AS limite)) AS limite
   FROM ( SELECT sum(h.eventos) AS eventos,
            COALESCE(sum(h.eventos) FILTER (WHERE (c.status IS NULL)), (0)::numeric) AS desconhecidos
           FROM (public.resumo_historico h
             LEFT JOIN public.catalogo_status c USING (status))
          WHERE ((h.hora > (now() - '24:00:00'::interval)) AND (h.hora <= now()))) d
  WHERE ((eventos > (0)::numeric) AND ( SELECT dados_completos.completos
           FROM public.dados_completos));

ALTER VIEW public.alerta_desconhecidos OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_desconhecidos IS 'Percent of the last 24 hours'' events whose status the catalogue does not have (0 where there are too few to judge), and its limit.';

CREATE VIEW public.indicadores_abertos AS
 SELECT (COALESCE(sum(r.total), (0)::numeric))::bigint AS abertos,
    ((EXTRACT(epoch FROM now()) - (sum(r.inicio_segundos) / NULLIF(sum(r.total), (0)::numeric))))::double precision AS idade_media_segundos
   FROM (public.resumo_status r
     LEFT JOIN public.catalogo_status c USING (status))
  WHERE (NOT COALESCE(c.terminal, false));

ALTER VIEW public.indicadores_abertos OWNER TO rastreio_owner;

COMMENT ON VIEW public.indicadores_abertos IS 'Packages without a final status and their mean age since the first event.';

CREATE TABLE public.prazos_julgados (
    origem text NOT NULL,
    destino text NOT NULL,
    prazo interval NOT NULL,
    CONSTRAINT prazo_em_dias_e_horas CHECK (((prazo > '00:00:00'::interval) AND (EXTRACT(year FROM prazo) = (0)::numeric) AND (EXTRACT(month FROM prazo) = (0)::numeric))),
    CONSTRAINT rota_inteira CHECK (((origem = '*'::text) = (destino = '*'::text)))
);

ALTER TABLE public.prazos_julgados OWNER TO rastreio_owner;

COMMENT ON TABLE public.prazos_julgados IS 'The promises that deliveries are judged by: those of prazos, for each pair of spellings of their places. Of several promises for one lane the shortest counts.';

CREATE TABLE public.resumo_baldes_rota (
    dia date NOT NULL,
    id_rota integer NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    entregas integer NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_baldes_rota OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_baldes_rota IS 'Deliveries by lane, local day of delivery and bucket of delivery time. Slices to be summed.';

CREATE VIEW public.rotas_dos_lugares AS
 SELECT t.id_rota,
    o.id_lugar AS id_origem,
    d.id_lugar AS id_destino,
    public.chave_da_rota(o.id_lugar, d.id_lugar) AS chave,
    o.lugar AS origem,
    d.lugar AS destino
   FROM ((public.rotas t
     JOIN public.grafias o ON ((o.grafia = t.origem)))
     JOIN public.grafias d ON ((d.grafia = t.destino)));

ALTER VIEW public.rotas_dos_lugares OWNER TO rastreio_owner;

COMMENT ON VIEW public.rotas_dos_lugares IS 'Which lane between places each pair of spellings is of; id 0 is a place that nobody said.';

CREATE VIEW public.limites_das_rotas AS
 SELECT h.origem,
    h.destino,
    h.entregas,
    public.percentil((0.5)::double precision, h.baldes, h.totais) AS p50_segundos,
    public.percentil((0.95)::double precision, h.baldes, h.totais) AS p95_segundos,
    (EXTRACT(epoch FROM COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))))::double precision AS prazo_segundos
   FROM (( SELECT b.origem,
            b.destino,
            (sum(b.entregas))::bigint AS entregas,
            array_agg(b.balde ORDER BY b.balde) AS baldes,
            array_agg(b.entregas ORDER BY b.balde) AS totais
           FROM ( SELECT m.chave,
                    m.origem,
                    m.destino,
                    r.balde,
                    (sum(r.entregas))::bigint AS entregas
                   FROM (( SELECT resumo_baldes_rota.id_rota,
                            resumo_baldes_rota.balde,
                            sum(resumo_baldes_rota.entregas) AS entregas
                           FROM public.resumo_baldes_rota
                          WHERE (resumo_baldes_rota.dia = ANY (( SELECT public.ultimos_dias(30) AS ultimos_dias)::date[]))
                          GROUP BY resumo_baldes_rota.id_rota, resumo_baldes_rota.balde) r
                     JOIN public.rotas_dos_lugares m ON (((m.id_rota = r.id_rota) AND (m.id_origem <> 0) AND (m.id_destino <> 0))))
                  GROUP BY m.chave, m.origem, m.destino, r.balde) b
          GROUP BY b.chave, b.origem, b.destino) h
     LEFT JOIN public.prazos_julgados z USING (origem, destino))
  WHERE (h.entregas > 0);

ALTER VIEW public.limites_das_rotas OWNER TO rastreio_owner;

COMMENT ON VIEW public.limites_das_rotas IS 'Delivery time and promise of each lane, over the deliveries of the last 30 local days.';

CREATE VIEW public.pacotes_em_risco AS
 WITH regra AS MATERIALIZED (
         SELECT public.limite('risco_fracao_prazo'::text) AS fracao,
            (EXTRACT(epoch FROM public.prazo_padrao()))::double precision AS padrao
        ), rotas AS MATERIALIZED (
         SELECT u.origem,
            u.destino,
            u.p95_segundos,
            u.prazo_segundos,
            (now() - make_interval(secs => LEAST(u.p95_segundos, (regra.fracao * u.prazo_segundos)))) AS limite,
            (now() - make_interval(secs => u.p95_segundos)) AS limite_p95
           FROM (( SELECT origem,
                    destino,
                        CASE
                            WHEN ((r_1.entregas)::double precision >= ( SELECT public.limite('risco_minimo_entregas'::text) AS limite)) THEN r_1.p95_segundos
                            ELSE NULL::double precision
                        END AS p95_segundos,
                    COALESCE((EXTRACT(epoch FROM z.prazo))::double precision, r_1.prazo_segundos) AS prazo_segundos
                   FROM (( SELECT o_1.grafia AS origem,
                            d_1.grafia AS destino,
                            l.entregas,
                            l.p95_segundos,
                            l.prazo_segundos
                           FROM ((( SELECT limites_das_rotas.origem,
                                    limites_das_rotas.destino,
                                    limites_das_rotas.entregas,
                                    limites_das_rotas.p50_segundos,
                                    limites_das_rotas.p95_segundos,
                                    limites_das_rotas.prazo_segundos
                                   FROM public.limites_das_rotas
                                 OFFSET 0) l
                             JOIN public.grafias o_1 ON ((o_1.lugar = l.origem)))
                             JOIN public.grafias d_1 ON ((d_1.lugar = l.destino)))) r_1
                     FULL JOIN ( SELECT prazos_julgados.origem,
                            prazos_julgados.destino,
                            prazos_julgados.prazo
                           FROM public.prazos_julgados
                          WHERE ((prazos_julgados.origem <> '*'::text) OR (prazos_julgados.destino <> '*'::text))) z USING (origem, destino))
                 OFFSET 0) u
             CROSS JOIN regra)
        ), padrao AS MATERIALIZED (
         SELECT regra.padrao AS prazo_segundos,
            (now() - make_interval(secs => (regra.fracao * regra.padrao))) AS limite
           FROM regra
        )
 SELECT p.id_pacote,
    COALESCE(o.lugar, p.origem) AS origem,
    COALESCE(d.lugar, p.destino) AS destino,
    p.status_atual,
    p.data_status,
    p.data_inicio,
    (EXTRACT(epoch FROM (now() - p.data_inicio)))::double precision AS idade_segundos,
    r.p95_segundos,
    COALESCE((EXTRACT(epoch FROM (p.prazo_inicial - p.data_inicio)))::double precision, r.prazo_segundos, ( SELECT padrao.prazo_segundos
           FROM padrao)) AS prazo_segundos,
    p.transportadora
   FROM (((public.pacotes p
     LEFT JOIN rotas r USING (origem, destino))
     LEFT JOIN public.grafias o ON ((o.grafia = p.origem)))
     LEFT JOIN public.grafias d ON ((d.grafia = p.destino)))
  WHERE (p.aberto AND ((p.data_inicio < ( SELECT GREATEST(( SELECT max(rotas.limite) AS max
                   FROM rotas), ( SELECT padrao.limite
                   FROM padrao)) AS "greatest")) OR (p.prazo_inicial IS NOT NULL)) AND
        CASE
            WHEN (p.prazo_inicial IS NULL) THEN (p.data_inicio < COALESCE(r.limite, ( SELECT padrao.limite
               FROM padrao)))
            ELSE (COALESCE((p.data_inicio < r.limite_p95), false) OR ((EXTRACT(epoch FROM (now() - p.data_inicio)))::double precision > (( SELECT regra.fracao
               FROM regra) * (EXTRACT(epoch FROM (p.prazo_inicial - p.data_inicio)))::double precision)))
        END);

ALTER VIEW public.pacotes_em_risco OWNER TO rastreio_owner;

COMMENT ON VIEW public.pacotes_em_risco IS 'Open packages older than their lane''s p95 (where it is of risco_minimo_entregas deliveries) or than a share of the time from their first event to their deadline (risco_fracao_prazo in the table limites).';

CREATE VIEW public.alerta_em_risco AS
 SELECT (((100)::double precision * (( SELECT count(*) AS count
           FROM public.pacotes_em_risco))::double precision) / (abertos)::double precision) AS valor,
    ((100)::double precision * ( SELECT public.limite('em_risco'::text) AS limite)) AS limite
   FROM public.indicadores_abertos a
  WHERE (((abertos)::double precision >= ( SELECT public.limite('em_risco_minimo'::text) AS limite)) AND ( SELECT dados_completos.completos
           FROM public.dados_completos) AND (NOT public.feriado_desde((public.dia_local(now()) - 2))));

ALTER VIEW public.alerta_em_risco OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_em_risco IS 'Percent of the open packages that is at risk (pacotes_em_risco), and its limit; no row on a holiday and two days after, when everything is.';

CREATE TABLE public.resumo_coortes (
    dia date NOT NULL,
    status text NOT NULL,
    dias smallint,
    fatia smallint NOT NULL,
    total bigint NOT NULL,
    no_prazo bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_coortes OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_coortes IS 'Packages by local day of their first event, current status and whole days until delivered (null: not delivered). Slices to be summed.';

COMMENT ON COLUMN public.resumo_coortes.no_prazo IS 'Of them, delivered within the promise.';

CREATE VIEW public.alerta_esquecidos AS
 SELECT (e.esquecidos)::double precision AS valor,
    GREATEST(( SELECT public.limite('esquecidos_minimo'::text) AS limite), (p.por_dia * ( SELECT public.limite('esquecidos'::text) AS limite))) AS limite
   FROM ( SELECT count(*) AS esquecidos
           FROM public.pacotes
          WHERE (pacotes.aberto AND (pacotes.status_atual = 'POSTADO'::text) AND (pacotes.data_status = pacotes.data_inicio) AND (pacotes.data_inicio < (now() - make_interval(secs => ( SELECT public.limite('esquecido'::text) AS limite)))) AND (pacotes.data_inicio >= (now() - '696:00:00'::interval)))) e,
    ( SELECT ((COALESCE(sum(resumo_coortes.total), (0)::numeric))::double precision / (GREATEST(count(DISTINCT resumo_coortes.dia), (1)::bigint))::double precision) AS por_dia
           FROM public.resumo_coortes
          WHERE ((resumo_coortes.dia >= (public.dia_local(now()) - 28)) AND (resumo_coortes.dia < public.dia_local(now())))) p
  WHERE ( SELECT dados_completos.completos
           FROM public.dados_completos);

ALTER VIEW public.alerta_esquecidos OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_esquecidos IS 'Packages of the last four weeks posted and never scanned again, and the limit: a share of a mean day''s postings.';

CREATE VIEW public.alerta_extravios AS
 SELECT (hoje)::double precision AS valor,
    GREATEST(( SELECT public.limite('extravios_minimo'::text) AS limite), ((antes / dias) * ( SELECT public.limite('extravios'::text) AS limite))) AS limite
   FROM ( SELECT COALESCE(sum(h.eventos) FILTER (WHERE (h.hora > (now() - '24:00:00'::interval))), (0)::numeric) AS hoje,
            (COALESCE(sum(h.eventos) FILTER (WHERE (h.hora <= (now() - '24:00:00'::interval))), (0)::numeric))::double precision AS antes,
            (LEAST((28)::numeric, ((EXTRACT(epoch FROM (now() - ( SELECT min(resumo_historico.hora) AS min
                   FROM public.resumo_historico))) / (86400)::numeric) - (1)::numeric)))::double precision AS dias
           FROM public.resumo_historico h
          WHERE ((h.status = 'EXTRAVIADO'::text) AND (h.hora > (now() - '696:00:00'::interval)) AND (h.hora <= now()))) a
  WHERE ((dias >= (7)::double precision) AND ( SELECT dados_completos.completos
           FROM public.dados_completos));

ALTER VIEW public.alerta_extravios OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_extravios IS 'Packages lost in the last 24 hours, and the limit: so many times the daily mean of the four weeks before (at least seven days), and at least extravios_minimo.';

CREATE TABLE public.limites (
    nome text NOT NULL,
    valor double precision NOT NULL,
    unidade text NOT NULL,
    descricao text NOT NULL,
    por_rota boolean DEFAULT false NOT NULL,
    CONSTRAINT limites_valor_positivo CHECK (((valor > (0)::double precision) AND (valor < 'Infinity'::double precision)))
);

ALTER TABLE public.limites OWNER TO rastreio_owner;

COMMENT ON TABLE public.limites IS 'Limits of alert rules and colors, edited with UPDATE. Rows can neither be removed nor renamed: rules and screens ask for each.';

COMMENT ON COLUMN public.limites.por_rota IS 'A lane may have a value of its own, in limites_por_rota.';

CREATE VIEW public.alerta_limites AS
 SELECT (count(*) FILTER (WHERE (l.nome IS NULL)))::double precision AS valor,
    (0)::double precision AS limite
   FROM (unnest(ARRAY['completude_minima'::text, 'completude_volume'::text, 'consumidor_atraso'::text, 'desconhecidos_minimo'::text, 'desconhecidos_parte'::text, 'em_risco'::text, 'em_risco_minimo'::text, 'esquecido'::text, 'esquecidos'::text, 'esquecidos_minimo'::text, 'extravios'::text, 'extravios_minimo'::text, 'horas_incompletas'::text, 'minimo_entregas_rota'::text, 'minimo_normal_rota'::text, 'nunca_encerrado'::text, 'origem_minimo'::text, 'origem_parte'::text, 'origem_silencio'::text, 'parados_minimo'::text, 'parados_rota'::text, 'parados_status'::text, 'postagem_esperada'::text, 'postagem_minimo'::text, 'postagem_no_prazo'::text, 'reabertos'::text, 'reabertos_minimo'::text, 'rejeitados_aviso'::text, 'rejeitados_minimo'::text, 'rejeitados_parte'::text, 'relogio_adiantado'::text, 'risco_fracao_prazo'::text, 'risco_minimo_entregas'::text, 'rota_media_normal'::text, 'rota_media_prazo'::text, 'rota_p95_normal'::text, 'rota_p95_prazo'::text, 'sem_movimento'::text, 'silencio'::text, 'silencio_aviso'::text, 'silencio_eventos'::text, 'torre_atrasados_parados_aviso'::text, 'torre_atrasados_parados_critico'::text, 'torre_esquecidos_aviso'::text, 'torre_esquecidos_critico'::text, 'torre_minimo'::text, 'torre_prometidos_hoje_aviso'::text, 'torre_prometidos_hoje_critico'::text, 'torre_quebras_amanha_aviso'::text, 'torre_quebras_amanha_critico'::text, 'torre_tentativa_falhou_aviso'::text, 'torre_tentativa_falhou_critico'::text, 'transportadora_entregas'::text, 'transportadora_eventos'::text, 'transportadora_no_prazo'::text, 'transportadora_normal'::text, 'transportadora_parte'::text, 'transportadora_silencio'::text]) n(nome)
     LEFT JOIN public.limites l USING (nome));

ALTER VIEW public.alerta_limites OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_limites IS 'How many limits that views ask for are missing from the table limites, and the limit 0.';

CREATE VIEW public.alerta_origens AS
 WITH janela AS MATERIALIZED (
         SELECT (u.recebido_ate - make_interval(secs => GREATEST(( SELECT atraso_tipico.p90_segundos
                   FROM public.atraso_tipico), (0)::double precision))) AS ate,
            make_interval(secs => ( SELECT public.limite('origem_silencio'::text) AS limite)) AS comprimento,
            GREATEST(( SELECT min(resumo_historico.hora) AS min
                   FROM public.resumo_historico), ( SELECT retencao.removidos_ate
                   FROM public.retencao)) AS primeira
           FROM public.ultimo_recebimento u
          WHERE (( SELECT dados_completos.completos
                   FROM public.dados_completos) AND (NOT public.feriado_desde(public.dia_local((now() - '12:00:00'::interval)))))
        ), escritas AS MATERIALIZED (
         SELECT s.semanas,
            p.origem,
            count(*) AS eventos
           FROM (((janela j
             CROSS JOIN generate_series(0, 4) s(semanas))
             CROSS JOIN LATERAL ( SELECT e_2.id_pacote
                   FROM public.eventos_rastreamento e_2
                  WHERE ((e_2.data_evento >= ((j.ate - j.comprimento) - ((s.semanas)::double precision * '168:00:00'::interval))) AND (e_2.data_evento < (j.ate - ((s.semanas)::double precision * '168:00:00'::interval))))) e_1)
             CROSS JOIN LATERAL ( SELECT q.origem
                   FROM public.pacotes q
                  WHERE (q.id_pacote = e_1.id_pacote)
                 OFFSET 0) p)
          WHERE (((j.ate - j.comprimento) - ((s.semanas)::double precision * '168:00:00'::interval)) >= j.primeira)
          GROUP BY s.semanas, p.origem
        ), contagens AS MATERIALIZED (
         SELECT e_1.semanas,
            COALESCE(g.lugar, e_1.origem) AS origem,
            (sum(e_1.eventos))::bigint AS eventos
           FROM (escritas e_1
             LEFT JOIN public.grafias g ON ((g.grafia = e_1.origem)))
          WHERE (g.id_lugar IS DISTINCT FROM 0)
          GROUP BY e_1.semanas, COALESCE(g.lugar, e_1.origem)
        ), semanas AS MATERIALIZED (
         SELECT DISTINCT contagens.semanas
           FROM contagens
          WHERE (contagens.semanas > 0)
        ), esperados AS MATERIALIZED (
         SELECT o.origem,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((COALESCE(c.eventos, (0)::bigint))::double precision)) AS eventos
           FROM ((( SELECT DISTINCT contagens.origem
                   FROM contagens) o
             CROSS JOIN semanas s)
             LEFT JOIN contagens c USING (semanas, origem))
          GROUP BY o.origem
        )
 SELECT e.origem,
    (COALESCE(a.eventos, (0)::bigint))::double precision AS valor,
    (e.eventos * ( SELECT public.limite('origem_parte'::text) AS limite)) AS limite
   FROM (esperados e
     LEFT JOIN contagens a ON (((a.origem = e.origem) AND (a.semanas = 0))))
  WHERE (e.eventos >= ( SELECT public.limite('origem_minimo'::text) AS limite));

ALTER VIEW public.alerta_origens OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_origens IS 'Origins: events of their packages in the last hours (origem_silencio) that have had time to come, and the limit, a share of the median of the same hours of up to four weeks before. Bad when below.';

CREATE VIEW public.limites_dos_status AS
 SELECT status_rastreamento,
    passagens,
    p50_segundos,
    p99_segundos
   FROM public.permanencia_no_periodo('-infinity'::timestamp with time zone, '-infinity'::timestamp with time zone) permanencia_no_periodo(status_rastreamento, passagens, tempo_medio_segundos, p50_segundos, p90_segundos, p95_segundos, p99_segundos);

ALTER VIEW public.limites_dos_status OWNER TO rastreio_owner;

COMMENT ON VIEW public.limites_dos_status IS 'How long packages stay at an event of each status until the next one, all time.';

CREATE VIEW public.pacotes_parados AS
 WITH regra AS MATERIALIZED (
         SELECT limites_dos_status.status_rastreamento,
            limites_dos_status.passagens,
            limites_dos_status.p50_segundos,
            limites_dos_status.p99_segundos
           FROM public.limites_dos_status
        )
 SELECT p.id_pacote,
    COALESCE(o.lugar, p.origem) AS origem,
    COALESCE(d.lugar, p.destino) AS destino,
    p.status_atual,
    p.data_status,
    p.data_inicio,
    (EXTRACT(epoch FROM (now() - p.data_status)))::double precision AS parado_segundos,
    r.p99_segundos,
    p.transportadora
   FROM (((public.pacotes p
     JOIN regra r ON ((r.status_rastreamento = p.status_atual)))
     LEFT JOIN public.grafias o ON ((o.grafia = p.origem)))
     LEFT JOIN public.grafias d ON ((d.grafia = p.destino)))
  WHERE (p.aberto AND (p.data_inicio < (now() - make_interval(secs => ( SELECT min(regra.p99_segundos) AS min
           FROM regra)))) AND ((EXTRACT(epoch FROM (now() - p.data_status)))::double precision > r.p99_segundos));

ALTER VIEW public.pacotes_parados OWNER TO rastreio_owner;

COMMENT ON VIEW public.pacotes_parados IS 'Open packages without a new event for longer than 99 % of the packages that left their status took.';

CREATE VIEW public.alerta_parados_rota AS
 WITH muitos AS MATERIALIZED (
         SELECT pacotes_parados.origem,
            pacotes_parados.destino,
            count(*) AS parados
           FROM public.pacotes_parados
          WHERE (('(não informado)'::text <> pacotes_parados.origem) AND ('(não informado)'::text <> pacotes_parados.destino))
          GROUP BY pacotes_parados.origem, pacotes_parados.destino
         HAVING ((count(*))::double precision >= ( SELECT public.limite('parados_minimo'::text) AS limite))
        )
 SELECT ((m.origem || ' → '::text) || m.destino) AS rota,
    (((100)::double precision * (m.parados)::double precision) / (a.abertos)::double precision) AS valor,
    ((100)::double precision * public.limite_da_rota('parados_rota'::text, m.origem, m.destino)) AS limite
   FROM (muitos m
     JOIN ( SELECT COALESCE(o.lugar, p.origem) AS origem,
            COALESCE(d.lugar, p.destino) AS destino,
            (sum(p.abertos))::bigint AS abertos
           FROM ((( SELECT pacotes.origem,
                    pacotes.destino,
                    count(*) AS abertos
                   FROM public.pacotes
                  WHERE pacotes.aberto
                  GROUP BY pacotes.origem, pacotes.destino) p
             LEFT JOIN public.grafias o ON ((o.grafia = p.origem)))
             LEFT JOIN public.grafias d ON ((d.grafia = p.destino)))
          GROUP BY COALESCE(o.lugar, p.origem), COALESCE(d.lugar, p.destino)) a USING (origem, destino))
  WHERE ( SELECT dados_completos.completos
           FROM public.dados_completos)
UNION ALL
 SELECT 'nenhuma'::text AS rota,
    0 AS valor,
    ((100)::double precision * ( SELECT public.limite('parados_rota'::text) AS limite)) AS limite
   FROM public.dados_completos
  WHERE (dados_completos.completos AND (NOT (EXISTS ( SELECT
           FROM muitos))));

ALTER VIEW public.alerta_parados_rota OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_parados_rota IS 'Lanes with many stuck packages: percent of their open packages that is stuck, and the limit; one row "nenhuma" where there is none.';

CREATE VIEW public.parados_por_status AS
 SELECT status_atual AS status_rastreamento,
    count(*) AS parados,
    max(parado_segundos) AS mais_antigo_segundos
   FROM public.pacotes_parados
  GROUP BY status_atual;

ALTER VIEW public.parados_por_status OWNER TO rastreio_owner;

COMMENT ON VIEW public.parados_por_status IS 'Stuck packages (pacotes_parados) by status, and for how long the longest has been.';

CREATE VIEW public.alerta_parados_status AS
 SELECT s.status_rastreamento AS status,
    (((100)::double precision * (COALESCE(p.parados, (0)::bigint))::double precision) / (NULLIF(a.abertos, 0))::double precision) AS valor,
    ((100)::double precision * ( SELECT public.limite('parados_status'::text) AS limite)) AS limite
   FROM (((public.indicadores_abertos a
     CROSS JOIN public.status_dos_pacotes s)
     LEFT JOIN public.catalogo_status c ON ((c.status = s.status_rastreamento)))
     LEFT JOIN public.parados_por_status p USING (status_rastreamento))
  WHERE ((NOT COALESCE(c.terminal, false)) AND ((COALESCE(p.parados, (0)::bigint) = 0) OR ((p.parados)::double precision >= ( SELECT public.limite('parados_minimo'::text) AS limite))) AND ( SELECT dados_completos.completos
           FROM public.dados_completos));

ALTER VIEW public.alerta_parados_status OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_parados_status IS 'By status: percent of all open packages that is stuck in it (pacotes_parados), and the limit.';

CREATE VIEW public.alerta_postagem AS
 WITH hoje AS MATERIALIZED (
         SELECT public.dia_local(now()) AS dia
        ), dias AS MATERIALIZED (
         SELECT r.dia,
            r.dias,
            sum(r.total) AS total,
            sum(r.no_prazo) AS no_prazo
           FROM (hoje h
             JOIN public.resumo_coortes r ON (((r.dia >= (h.dia - 42)) AND (r.dia < (h.dia - 1)))))
          GROUP BY r.dia, r.dias
        ), idades AS (
         SELECT d.dia,
            ((h.dia - d.dia) - 1) AS idade
           FROM (hoje h
             CROSS JOIN LATERAL ( SELECT DISTINCT dias.dia
                   FROM dias
                  WHERE (dias.dia >= (h.dia - 14))) d)
        ), partes AS (
         SELECT i.dia,
            s.semanas,
            sum(d.total) AS postados,
            COALESCE(sum(d.no_prazo) FILTER (WHERE (d.dias < i.idade)), (0)::numeric) AS no_prazo
           FROM ((idades i
             CROSS JOIN generate_series(0, 4) s(semanas))
             JOIN dias d ON ((d.dia = (i.dia - (7 * s.semanas)))))
          GROUP BY i.dia, s.semanas
         HAVING ((sum(d.total))::double precision >= ( SELECT public.limite('postagem_minimo'::text) AS limite))
        )
 SELECT to_char((p.dia)::timestamp with time zone, 'DD/MM/YYYY'::text) AS postados_em,
    ((100)::double precision * ((p.no_prazo / p.postados))::double precision) AS valor,
    (((100)::double precision * n.parte) * ( SELECT public.limite('postagem_no_prazo'::text) AS limite)) AS limite
   FROM (partes p
     JOIN ( SELECT partes.dia,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY (((partes.no_prazo / partes.postados))::double precision)) AS parte
           FROM partes
          WHERE (partes.semanas > 0)
          GROUP BY partes.dia) n USING (dia))
  WHERE ((p.semanas = 0) AND (n.parte >= ( SELECT public.limite('postagem_esperada'::text) AS limite)) AND (NOT public.feriado_desde(p.dia)) AND ( SELECT dados_completos.completos
           FROM public.dados_completos));

ALTER VIEW public.alerta_postagem OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_postagem IS 'Posting days of the last two weeks without a holiday since, of whose parcels most should have arrived: percent delivered on time so far, and the limit, a share of what the same weekday had reached at that age before. Bad when below.';

CREATE VIEW public.alerta_reabertos AS
 SELECT (r.reabertos)::double precision AS valor,
    GREATEST(( SELECT public.limite('reabertos_minimo'::text) AS limite), ((e.entregas)::double precision * ( SELECT public.limite('reabertos'::text) AS limite))) AS limite
   FROM ( SELECT count(*) AS reabertos
           FROM public.pacotes
          WHERE (pacotes.aberto AND (pacotes.data_entrega IS NOT NULL) AND (pacotes.data_status > (now() - '24:00:00'::interval)))) r,
    ( SELECT entregas_no_periodo.entregas
           FROM public.entregas_no_periodo((now() - '24:00:00'::interval), now()) entregas_no_periodo(entregas, tempo_medio_segundos, p50_segundos, p90_segundos, p95_segundos, taxa_no_prazo, taxa_na_primeira, taxa_no_prazo_final, taxa_tentativa_no_prazo)) e
  WHERE ( SELECT dados_completos.completos
           FROM public.dados_completos);

ALTER VIEW public.alerta_reabertos OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_reabertos IS 'Packages open again after their delivery, by an event of the last 24 hours, and the limit: a share of the deliveries of these hours.';

CREATE VIEW public.alerta_rejeitados AS
 SELECT
        CASE
            WHEN ((rejeitados)::double precision >= ( SELECT public.limite('rejeitados_minimo'::text) AS limite)) THEN ((100)::double precision * taxa_rejeitados)
            ELSE (0)::double precision
        END AS valor,
    ((100)::double precision * ( SELECT public.limite('rejeitados_parte'::text) AS limite)) AS limite
   FROM public.ingestao_no_periodo((now() - '00:15:00'::interval), now()) i(consumidos, inseridos, duplicados, rejeitados, taxa_rejeitados);

ALTER VIEW public.alerta_rejeitados OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_rejeitados IS 'Percent of the last 15 minutes'' messages that was rejected (0 where too few are), and its limit.';

CREATE VIEW public.alerta_relogio AS
 SELECT (GREATEST(( SELECT EXTRACT(epoch FROM (e.data_evento - now())) AS "extract"
           FROM public.eventos_rastreamento e
          WHERE (e.data_evento > now())
          ORDER BY e.data_evento DESC
         LIMIT 1), ( SELECT max(EXTRACT(epoch FROM (i.recebido_ate - i.minuto))) AS max
           FROM public.ingestao i
          WHERE ((i.minuto > (now() - '00:15:00'::interval)) AND ((i.recebido_ate - i.minuto) > '00:01:00'::interval))), (0)::numeric))::double precision AS valor,
    ( SELECT public.limite('relogio_adiantado'::text) AS limite) AS limite;

ALTER VIEW public.alerta_relogio OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_relogio IS 'By how many seconds the newest event, or a message of the last 15 minutes, is ahead of the database''s clock, and the limit.';

CREATE TABLE public.resumo_entregas_rota (
    dia date NOT NULL,
    id_rota integer NOT NULL,
    fatia smallint NOT NULL,
    entregas bigint NOT NULL,
    segundos numeric NOT NULL,
    no_prazo bigint NOT NULL,
    na_primeira bigint NOT NULL,
    no_prazo_final bigint NOT NULL,
    tentativa_no_prazo bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_entregas_rota OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_entregas_rota IS 'Deliveries by lane and local day of delivery. Slices to be summed.';

CREATE VIEW public.rotas_desde_ontem AS
 SELECT s.origem,
    s.destino,
    ((s.origem || ' → '::text) || s.destino) AS rota,
    s.entregas,
    ((s.segundos / (s.entregas)::numeric))::double precision AS tempo_medio_segundos,
    ((s.no_prazo / (s.entregas)::numeric))::double precision AS taxa_no_prazo,
    ((s.na_primeira / (s.entregas)::numeric))::double precision AS taxa_na_primeira,
    ((s.no_prazo_final / (s.entregas)::numeric))::double precision AS taxa_no_prazo_final,
    ((s.tentativa_no_prazo / (s.entregas)::numeric))::double precision AS taxa_tentativa_no_prazo,
    l.limite AS limite_segundos,
    (((s.segundos / (s.entregas)::numeric))::double precision / l.limite) AS vezes_o_limite,
    ((s.entregas)::double precision >= COALESCE(m.valor, ( SELECT public.limite('minimo_entregas_rota'::text) AS limite))) AS suficiente
   FROM ((((( SELECT t.chave,
            t.origem,
            t.destino,
            (sum(r.entregas))::bigint AS entregas,
            sum(r.segundos) AS segundos,
            sum(r.no_prazo) AS no_prazo,
            sum(r.na_primeira) AS na_primeira,
            sum(r.no_prazo_final) AS no_prazo_final,
            sum(r.tentativa_no_prazo) AS tentativa_no_prazo
           FROM (( SELECT resumo_entregas_rota.id_rota,
                    sum(resumo_entregas_rota.entregas) AS entregas,
                    sum(resumo_entregas_rota.segundos) AS segundos,
                    sum(resumo_entregas_rota.no_prazo) AS no_prazo,
                    sum(resumo_entregas_rota.na_primeira) AS na_primeira,
                    sum(resumo_entregas_rota.no_prazo_final) AS no_prazo_final,
                    sum(resumo_entregas_rota.tentativa_no_prazo) AS tentativa_no_prazo
                   FROM public.resumo_entregas_rota
                  WHERE (resumo_entregas_rota.dia >= (public.dia_local(now()) - 1))
                  GROUP BY resumo_entregas_rota.id_rota) r
             JOIN public.rotas_dos_lugares t ON (((t.id_rota = r.id_rota) AND (t.id_origem <> 0) AND (t.id_destino <> 0))))
          GROUP BY t.chave, t.origem, t.destino) s
     LEFT JOIN public.prazos_julgados z ON (((z.origem = s.origem) AND (z.destino = s.destino))))
     LEFT JOIN public.limites_dos_lugares m ON (((m.nome = 'minimo_entregas_rota'::text) AND (m.chave = s.chave))))
     LEFT JOIN public.limites_dos_lugares f ON (((f.nome = 'rota_media_prazo'::text) AND (f.chave = s.chave))))
     CROSS JOIN LATERAL ( SELECT (COALESCE(f.valor, ( SELECT public.limite('rota_media_prazo'::text) AS limite)) * (EXTRACT(epoch FROM COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))))::double precision) AS limite) l)
  WHERE (s.entregas > 0);

ALTER VIEW public.rotas_desde_ontem OWNER TO rastreio_owner;

COMMENT ON VIEW public.rotas_desde_ontem IS 'Deliveries of today and yesterday (local days) by lane: count, mean delivery time, shares, the limit of the mean by the lane''s promise (rota_media_prazo), and whether there are enough to judge it.';

CREATE VIEW public.alerta_rotas AS
 WITH dias AS MATERIALIZED (
         SELECT (public.dia_local(now()) - 1) AS desde,
            (public.dia_local(now()) - 29) AS antes,
            ((( SELECT min(resumo_coortes.dia) AS min
                   FROM public.resumo_coortes) <= (public.dia_local(now()) - 43)) AND (NOT public.feriado_desde((public.dia_local(now()) - 5)))) AS comparavel
        ), lugares AS MATERIALIZED (
         SELECT rotas_dos_lugares.chave,
            rotas_dos_lugares.origem,
            rotas_dos_lugares.destino,
            array_agg(rotas_dos_lugares.id_rota) AS ids
           FROM public.rotas_dos_lugares
          GROUP BY rotas_dos_lugares.chave, rotas_dos_lugares.origem, rotas_dos_lugares.destino
        )
 SELECT r.rota,
    r.entregas,
    (r.tempo_medio_segundos / (3600)::double precision) AS media,
    (r.limite_segundos / (3600)::double precision) AS media_prazo,
        CASE
            WHEN (((n.entregas)::double precision >= COALESCE(mn.valor, ( SELECT public.limite('minimo_normal_rota'::text) AS limite))) AND (r.entregas >= (n.entregas / 28))) THEN ((n.segundos * COALESCE(ml.valor, ( SELECT public.limite('rota_media_normal'::text) AS limite))) / (3600)::double precision)
            ELSE NULL::double precision
        END AS media_normal,
        CASE
            WHEN (r.entregas >= 60) THEN (( SELECT public.percentil((0.95)::double precision, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS percentil
               FROM ( SELECT x.balde,
                        sum(x.entregas) AS entregas
                       FROM public.resumo_baldes_rota x
                      WHERE ((x.id_rota = ANY (t.ids)) AND (x.dia = ANY (( SELECT public.ultimos_dias(2) AS ultimos_dias)::date[])))
                      GROUP BY x.balde
                     HAVING (sum(x.entregas) > 0)) b) / (3600)::double precision)
            ELSE NULL::double precision
        END AS p95,
    ((COALESCE(pl.valor, ( SELECT public.limite('rota_p95_prazo'::text) AS limite)) * (EXTRACT(epoch FROM COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))))::double precision) / (3600)::double precision) AS p95_prazo,
        CASE
            WHEN ((n.entregas)::double precision >= COALESCE(mn.valor, ( SELECT public.limite('minimo_normal_rota'::text) AS limite))) THEN ((( SELECT public.percentil((0.95)::double precision, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS percentil
               FROM ( SELECT x.balde,
                        sum(x.entregas) AS entregas
                       FROM public.resumo_baldes_rota x
                      WHERE ((x.id_rota = ANY (t.ids)) AND (x.dia = ANY (( SELECT array_agg((d.desde - k.k)) AS array_agg
                               FROM (dias d
                                 CROSS JOIN generate_series(1, 28) k(k)))::date[])))
                      GROUP BY x.balde
                     HAVING (sum(x.entregas) > 0)) b) * COALESCE(pn.valor, ( SELECT public.limite('rota_p95_normal'::text) AS limite))) / (3600)::double precision)
            ELSE NULL::double precision
        END AS p95_normal
   FROM (((((((public.rotas_desde_ontem r
     JOIN lugares t USING (origem, destino))
     LEFT JOIN public.prazos_julgados z USING (origem, destino))
     LEFT JOIN ( SELECT m.chave,
            (sum(p.entregas))::bigint AS entregas,
            ((sum(p.segundos) / sum(p.entregas)))::double precision AS segundos
           FROM (( SELECT e.id_rota,
                    sum(e.entregas) AS entregas,
                    sum(e.segundos) AS segundos
                   FROM (dias d
                     JOIN public.resumo_entregas_rota e ON (((e.dia >= d.antes) AND (e.dia < d.desde))))
                  WHERE d.comparavel
                  GROUP BY e.id_rota) p
             JOIN public.rotas_dos_lugares m USING (id_rota))
          GROUP BY m.chave
         HAVING (sum(p.entregas) > (0)::numeric)) n ON ((n.chave = t.chave)))
     LEFT JOIN public.limites_dos_lugares mn ON (((mn.nome = 'minimo_normal_rota'::text) AND (mn.chave = t.chave))))
     LEFT JOIN public.limites_dos_lugares ml ON (((ml.nome = 'rota_media_normal'::text) AND (ml.chave = t.chave))))
     LEFT JOIN public.limites_dos_lugares pl ON (((pl.nome = 'rota_p95_prazo'::text) AND (pl.chave = t.chave))))
     LEFT JOIN public.limites_dos_lugares pn ON (((pn.nome = 'rota_p95_normal'::text) AND (pn.chave = t.chave))))
  WHERE (r.suficiente AND ( SELECT dados_completos.completos
           FROM public.dados_completos));

ALTER VIEW public.alerta_rotas OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_rotas IS 'Lanes with enough deliveries today and yesterday: mean and p95 of the delivery time in hours, beside their limits by the lane''s promise and by its own four weeks before (null where those had too few deliveries, and in a database younger than six weeks). No p95 of fewer than 60.';

CREATE TABLE public.resumo_entregas_transportadora (
    dia date NOT NULL,
    transportadora text NOT NULL,
    fatia smallint NOT NULL,
    entregas bigint NOT NULL,
    segundos numeric NOT NULL,
    no_prazo bigint NOT NULL,
    na_primeira bigint NOT NULL,
    no_prazo_final bigint NOT NULL,
    tentativa_no_prazo bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_entregas_transportadora OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_entregas_transportadora IS 'Deliveries by carrier and local day of delivery, of packages that have a carrier. Slices to be summed.';

CREATE VIEW public.alerta_transportadoras AS
 WITH dias AS MATERIALIZED (
         SELECT (public.dia_local(now()) - 1) AS desde,
            (public.dia_local(now()) - 29) AS antes
          WHERE ((( SELECT min(resumo_coortes.dia) AS min
                   FROM public.resumo_coortes) <= (public.dia_local(now()) - 43)) AND (NOT public.feriado_desde((public.dia_local(now()) - 5))) AND ( SELECT dados_completos.completos
                   FROM public.dados_completos))
        )
 SELECT transportadora,
    ((100)::double precision * ((no_prazo / entregas))::double precision) AS valor,
    (((100)::double precision * ((no_prazo_antes / entregas_antes))::double precision) * ( SELECT public.limite('transportadora_no_prazo'::text) AS limite)) AS limite
   FROM ( SELECT r.transportadora,
            sum(r.entregas) FILTER (WHERE (r.dia >= d.desde)) AS entregas,
            sum(r.no_prazo) FILTER (WHERE (r.dia >= d.desde)) AS no_prazo,
            sum(r.entregas) FILTER (WHERE (r.dia < d.desde)) AS entregas_antes,
            sum(r.no_prazo) FILTER (WHERE (r.dia < d.desde)) AS no_prazo_antes
           FROM (dias d
             JOIN public.resumo_entregas_transportadora r ON ((r.dia >= d.antes)))
          GROUP BY r.transportadora) s
  WHERE (((entregas)::double precision >= GREATEST(( SELECT public.limite('transportadora_entregas'::text) AS limite), ((entregas_antes / (28)::numeric))::double precision)) AND ((entregas_antes)::double precision >= ( SELECT public.limite('transportadora_normal'::text) AS limite)));

ALTER VIEW public.alerta_transportadoras OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_transportadoras IS 'Carriers with enough deliveries: percent within the first promise of those of today and yesterday, and the limit, a share of that of the four weeks before. Bad when below.';

CREATE TABLE public.resumo_postagem_transportadora (
    dia date NOT NULL,
    transportadora text NOT NULL,
    fatia smallint NOT NULL,
    pacotes bigint NOT NULL,
    abertos bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_postagem_transportadora OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_postagem_transportadora IS 'Packages that have a carrier, by carrier and local day of their first event, and how many of them are open. Slices to be summed.';

CREATE VIEW public.alerta_transportadoras_caladas AS
 WITH janela AS MATERIALIZED (
         SELECT (u.recebido_ate - make_interval(secs => GREATEST(( SELECT atraso_tipico.p90_segundos
                   FROM public.atraso_tipico), (0)::double precision))) AS ate,
            make_interval(secs => ( SELECT public.limite('transportadora_silencio'::text) AS limite)) AS comprimento,
            GREATEST(( SELECT min(resumo_historico.hora) AS min
                   FROM public.resumo_historico), ( SELECT retencao.removidos_ate
                   FROM public.retencao)) AS primeira
           FROM public.ultimo_recebimento u
          WHERE ((EXISTS ( SELECT
                   FROM public.resumo_postagem_transportadora
                  WHERE (resumo_postagem_transportadora.pacotes > 0))) AND ( SELECT dados_completos.completos
                   FROM public.dados_completos) AND (NOT public.feriado_desde(public.dia_local((now() - '12:00:00'::interval)))))
        ), contagens AS MATERIALIZED (
         SELECT s.semanas,
            p.transportadora,
            count(*) AS eventos
           FROM (((janela j
             CROSS JOIN generate_series(0, 4) s(semanas))
             CROSS JOIN LATERAL ( SELECT e_2.id_pacote
                   FROM public.eventos_rastreamento e_2
                  WHERE ((e_2.data_evento >= ((j.ate - j.comprimento) - ((s.semanas)::double precision * '168:00:00'::interval))) AND (e_2.data_evento < (j.ate - ((s.semanas)::double precision * '168:00:00'::interval))))) e_1)
             CROSS JOIN LATERAL ( SELECT q.transportadora
                   FROM public.pacotes q
                  WHERE (q.id_pacote = e_1.id_pacote)
                 OFFSET 0) p)
          WHERE (((j.ate - j.comprimento) - ((s.semanas)::double precision * '168:00:00'::interval)) >= j.primeira)
          GROUP BY s.semanas, p.transportadora
        ), semanas AS MATERIALIZED (
         SELECT DISTINCT contagens.semanas
           FROM contagens
          WHERE (contagens.semanas > 0)
        ), esperados AS MATERIALIZED (
         SELECT o.transportadora,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((COALESCE(c.eventos, (0)::bigint))::double precision)) AS eventos
           FROM ((( SELECT DISTINCT contagens.transportadora
                   FROM contagens
                  WHERE (contagens.transportadora IS NOT NULL)) o
             CROSS JOIN semanas s)
             LEFT JOIN contagens c USING (semanas, transportadora))
          GROUP BY o.transportadora
        )
 SELECT e.transportadora,
    (COALESCE(a.eventos, (0)::bigint))::double precision AS valor,
    (e.eventos * ( SELECT public.limite('transportadora_parte'::text) AS limite)) AS limite
   FROM (esperados e
     LEFT JOIN contagens a ON (((a.transportadora = e.transportadora) AND (a.semanas = 0))))
  WHERE (e.eventos >= ( SELECT public.limite('transportadora_eventos'::text) AS limite));

ALTER VIEW public.alerta_transportadoras_caladas OWNER TO rastreio_owner;

COMMENT ON VIEW public.alerta_transportadoras_caladas IS 'Carriers: events of their packages in the last hours (transportadora_silencio) that have had time to come, and the limit, a share of the median of the same hours of up to four weeks before. Bad when below.';

CREATE TABLE public.apelidos_status (
    transportadora text NOT NULL,
    tipo text NOT NULL,
    palavra text NOT NULL,
    status text,
    provisorio text,
    criado_em timestamp with time zone DEFAULT now() NOT NULL,
    criado_por text DEFAULT SESSION_USER NOT NULL,
    aplicado_em timestamp with time zone,
    CONSTRAINT apelidos_status_check CHECK (((provisorio IS NULL) OR (status IS NULL))),
    CONSTRAINT apelidos_status_check1 CHECK (((tipo = 'texto'::text) OR (transportadora <> ''::text))),
    CONSTRAINT apelidos_status_palavra_check CHECK (((char_length(palavra) >= 1) AND (char_length(palavra) <= 100))),
    CONSTRAINT apelidos_status_tipo_check CHECK ((tipo = ANY (ARRAY['texto'::text, 'codigo'::text]))),
    CONSTRAINT apelidos_status_transportadora_check CHECK ((char_length(transportadora) <= 64))
);

ALTER TABLE public.apelidos_status OWNER TO rastreio_owner;

COMMENT ON TABLE public.apelidos_status IS 'Which status of the catalogue a carrier''s word means. Edited by rastreio status, which also corrects what is stored; writers read it when versao_palavras moves.';

COMMENT ON COLUMN public.apelidos_status.transportadora IS 'As events have it, without case and accents; empty: whatever the carrier.';

COMMENT ON COLUMN public.apelidos_status.tipo IS 'codigo: the word is codigo_evento of an event; texto: its status.';

COMMENT ON COLUMN public.apelidos_status.palavra IS 'The word without case and accents.';

COMMENT ON COLUMN public.apelidos_status.status IS 'Null: the word means nothing any more (or provisorio), and what is stored is being put back.';

COMMENT ON COLUMN public.apelidos_status.provisorio IS 'Where events with this status wait while the catalogue learns it.';

COMMENT ON COLUMN public.apelidos_status.aplicado_em IS 'Since when all that is stored goes by it; null: the command that wrote it has not finished, run it again.';

CREATE TABLE public.eventos_rejeitados (
    topico text NOT NULL,
    particao integer NOT NULL,
    deslocamento bigint NOT NULL,
    chave bytea,
    valor bytea,
    cabecalhos jsonb DEFAULT '{}'::jsonb NOT NULL,
    motivo text NOT NULL,
    campo text,
    detalhe text NOT NULL,
    recebido_em timestamp with time zone NOT NULL,
    rejeitado_em timestamp with time zone DEFAULT now() NOT NULL,
    reprocessado_em timestamp with time zone,
    aceito_em timestamp with time zone,
    nota text,
    marca_tempo bigint,
    vida integer DEFAULT 1 NOT NULL,
    CONSTRAINT eventos_rejeitados_vida_check CHECK ((vida > 0))
);

ALTER TABLE public.eventos_rejeitados OWNER TO rastreio_owner;

COMMENT ON TABLE public.eventos_rejeitados IS 'Messages that are no valid event, with their original bytes and the reason.';

COMMENT ON COLUMN public.eventos_rejeitados.reprocessado_em IS 'When it was last sent to Kafka again, corrected or as it was.';

COMMENT ON COLUMN public.eventos_rejeitados.aceito_em IS 'When a person decided that it needs no replay.';

COMMENT ON COLUMN public.eventos_rejeitados.nota IS 'Why, in the words of whoever settled it.';

COMMENT ON COLUMN public.eventos_rejeitados.marca_tempo IS 'The record''s own time in Kafka, milliseconds since 1970 as they were sent, true or not.';

COMMENT ON COLUMN public.eventos_rejeitados.vida IS 'Which letter of this place it is: 1, and more where a topic made anew has used the place again.';

CREATE VIEW public.cartas AS
 SELECT rejeitado_em,
    motivo,
    campo,
    public.texto_imprimivel(detalhe) AS detalhe,
        CASE
            WHEN (reprocessado_em IS NOT NULL) THEN 'reprocessado'::text
            WHEN (aceito_em IS NOT NULL) THEN 'aceito'::text
            ELSE 'aberto'::text
        END AS estado,
    topico,
    particao,
    deslocamento,
    vida,
    (((((public.texto_imprimivel(topico) || '/'::text) || particao) || '/'::text) || deslocamento) ||
        CASE
            WHEN (vida > 1) THEN ('@'::text || vida)
            ELSE ''::text
        END) AS lugar
   FROM public.eventos_rejeitados;

ALTER VIEW public.cartas OWNER TO rastreio_owner;

COMMENT ON VIEW public.cartas IS 'Dead letters with their state (aberto, reprocessado, aceito) and place.';

CREATE VIEW public.destinos AS
 WITH RECURSIVE r AS (
         SELECT ''::text AS origem,
            ''::text AS destino
        UNION ALL
         SELECT p.origem,
            p.destino
           FROM (r r_1
             CROSS JOIN LATERAL ( SELECT p_1.origem,
                    p_1.destino
                   FROM public.pacotes p_1
                  WHERE (ROW((p_1.origem COLLATE "C"), (p_1.destino COLLATE "C")) > ROW(r_1.origem, r_1.destino))
                  ORDER BY (p_1.origem COLLATE "C"), (p_1.destino COLLATE "C")
                 LIMIT 1) p)
        )
 SELECT DISTINCT COALESCE(g.lugar, r.destino) AS destino
   FROM (r
     LEFT JOIN public.grafias g ON ((g.grafia = r.destino)))
  WHERE ((r.destino <> ''::text) AND (g.id_lugar IS DISTINCT FROM 0))
  ORDER BY COALESCE(g.lugar, r.destino);

ALTER VIEW public.destinos OWNER TO rastreio_owner;

COMMENT ON VIEW public.destinos IS 'Places that packages go to.';

CREATE VIEW public.entregas_julgadas AS
 SELECT p.id_pacote,
    p.origem,
    p.destino,
    p.data_inicio,
    p.data_entrega,
    public.balde((p.data_entrega - p.data_inicio)) AS balde,
    EXTRACT(epoch FROM (p.data_entrega - p.data_inicio)) AS segundos,
    (COALESCE(public.dentro_do_prazo(p.data_entrega, p.prazo_inicial, p.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))), false))::integer AS no_prazo,
    (((p.data_tentativa IS NULL) OR (p.data_tentativa > p.data_entrega)))::integer AS na_primeira,
    (COALESCE(public.dentro_do_prazo(p.data_entrega, p.prazo_final, p.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))), false))::integer AS no_prazo_final,
    (COALESCE(public.dentro_do_prazo(LEAST(p.data_tentativa, p.data_entrega), p.prazo_inicial, p.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))), false))::integer AS tentativa_no_prazo,
    p.transportadora
   FROM (public.pacotes p
     LEFT JOIN public.prazos_julgados z USING (origem, destino))
  WHERE (p.data_entrega IS NOT NULL);

ALTER VIEW public.entregas_julgadas OWNER TO rastreio_owner;

COMMENT ON VIEW public.entregas_julgadas IS 'Delivered packages: delivery time, and 1 or 0 for on time by the first promise (no_prazo), by the latest (no_prazo_final), the first attempt within the first promise (tentativa_no_prazo), no attempt before the delivery (na_primeira), and the carrier, null where none is said.';

CREATE VIEW public.eventos_corrigidos_recentes AS
 SELECT e.corrigido_em,
    e.id_pacote,
    k.transportadora,
    k.codigo,
    e.data_evento,
    e.status_rastreamento,
    e.recebido_em,
    (e.detalhes ->> 'local'::text) AS local,
    (e.detalhes ->> 'descricao'::text) AS descricao
   FROM (public.eventos_corrigidos e
     LEFT JOIN LATERAL ( SELECT c.transportadora,
            c.codigo
           FROM public.codigos c
          WHERE (c.id_pacote = e.id_pacote)
          ORDER BY c.transportadora, c.codigo
         LIMIT 1) k ON (true))
  ORDER BY e.corrigido_em DESC;

ALTER VIEW public.eventos_corrigidos_recentes OWNER TO rastreio_owner;

COMMENT ON VIEW public.eventos_corrigidos_recentes IS 'Events that were taken back, the latest first.';

CREATE VIEW public.frescor AS
 WITH RECURSIVE topicos AS (
        ( SELECT ingestao.topico
           FROM public.ingestao
          ORDER BY ingestao.topico
         LIMIT 1)
        UNION ALL
         SELECT ( SELECT i.topico
                   FROM public.ingestao i
                  WHERE (i.topico > t_1.topico)
                  ORDER BY i.topico
                 LIMIT 1) AS topico
           FROM topicos t_1
          WHERE (t_1.topico IS NOT NULL)
        )
 SELECT t.topico,
    r.recebido_ate,
    (EXTRACT(epoch FROM (now() - r.recebido_ate)))::double precision AS segundos
   FROM (topicos t
     CROSS JOIN LATERAL ( SELECT max(i.recebido_ate) AS recebido_ate
           FROM public.ingestao i
          WHERE ((i.topico = t.topico) AND (i.minuto > (now() - '7 days'::interval)))) r)
  WHERE (r.recebido_ate IS NOT NULL);

ALTER VIEW public.frescor OWNER TO rastreio_owner;

COMMENT ON VIEW public.frescor IS 'Seconds since Kafka got the newest message that is written, by topic; no row after seven days of silence.';

CREATE TABLE public.funcoes_aplicadas (
    id integer NOT NULL,
    sha256 text NOT NULL,
    aplicadas_em timestamp with time zone DEFAULT now() NOT NULL,
    objetos text[] NOT NULL
);

ALTER TABLE public.funcoes_aplicadas OWNER TO rastreio_owner;

COMMENT ON TABLE public.funcoes_aplicadas IS 'Sets of views, functions and triggers (sql/functions) that were applied; the latest is the current one.';

COMMENT ON COLUMN public.funcoes_aplicadas.objetos IS 'What the set made: the next one removes these and nothing else.';

ALTER TABLE public.funcoes_aplicadas ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.funcoes_aplicadas_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.historico_das_rotas AS
 SELECT origem,
    destino,
    entregas,
    baldes,
    acima
   FROM ( SELECT b.origem,
            b.destino,
            max(b.acima) AS entregas,
            array_agg(b.balde ORDER BY b.balde) AS baldes,
            array_agg(b.acima ORDER BY b.balde) AS acima
           FROM ( SELECT x.chave,
                    x.origem,
                    x.destino,
                    x.balde,
                    (sum(x.entregas) OVER (PARTITION BY x.chave ORDER BY x.balde DESC))::bigint AS acima
                   FROM ( SELECT m.chave,
                            m.origem,
                            m.destino,
                            r.balde,
                            sum(r.entregas) AS entregas
                           FROM (( SELECT resumo_baldes_rota.id_rota,
                                    resumo_baldes_rota.balde,
                                    sum(resumo_baldes_rota.entregas) AS entregas
                                   FROM public.resumo_baldes_rota
                                  WHERE (resumo_baldes_rota.dia = ANY (( SELECT public.ultimos_dias(30) AS ultimos_dias)::date[]))
                                  GROUP BY resumo_baldes_rota.id_rota, resumo_baldes_rota.balde) r
                             JOIN public.rotas_dos_lugares m ON (((m.id_rota = r.id_rota) AND (m.id_origem <> 0) AND (m.id_destino <> 0))))
                          GROUP BY m.chave, m.origem, m.destino, r.balde
                         HAVING (sum(r.entregas) <> (0)::numeric)) x) b
          GROUP BY b.chave, b.origem, b.destino) h
  WHERE ((entregas)::double precision >= ( SELECT public.limite('risco_minimo_entregas'::text) AS limite));

ALTER VIEW public.historico_das_rotas OWNER TO rastreio_owner;

COMMENT ON VIEW public.historico_das_rotas IS 'Lanes whose deliveries of the last 30 local days are enough to estimate risks: the buckets of delivery time, and how many deliveries are in each or above.';

CREATE TABLE public.resumo_entregas (
    dia date NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    entregas bigint NOT NULL,
    segundos numeric NOT NULL,
    no_prazo bigint NOT NULL,
    na_primeira bigint NOT NULL,
    no_prazo_final bigint NOT NULL,
    tentativa_no_prazo bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_entregas OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_entregas IS 'Deliveries by local day of delivery and bucket of delivery time; day -infinity holds all days together. Slices to be summed.';

COMMENT ON COLUMN public.resumo_entregas.no_prazo IS 'Delivered within the first promise.';

COMMENT ON COLUMN public.resumo_entregas.na_primeira IS 'Delivered without a TENTATIVA DE ENTREGA before.';

COMMENT ON COLUMN public.resumo_entregas.no_prazo_final IS 'Delivered within the latest promise.';

COMMENT ON COLUMN public.resumo_entregas.tentativa_no_prazo IS 'First attempted, or delivered without an attempt, within the first promise.';

CREATE VIEW public.indicadores_entrega AS
 SELECT ( SELECT (COALESCE(sum(status_dos_pacotes.total_pacotes), (0)::numeric))::bigint AS "coalesce"
           FROM public.status_dos_pacotes) AS total_pacotes,
    (COALESCE(sum(entregas), (0)::numeric))::bigint AS total_entregues,
    ((sum(segundos) / NULLIF(sum(entregas), (0)::numeric)))::double precision AS tempo_medio_segundos,
    public.percentil((0.5)::double precision, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p50_segundos,
    public.percentil((0.9)::double precision, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p90_segundos,
    public.percentil((0.95)::double precision, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p95_segundos,
    ((sum(no_prazo) / NULLIF(sum(entregas), (0)::numeric)))::double precision AS taxa_no_prazo,
    ((sum(na_primeira) / NULLIF(sum(entregas), (0)::numeric)))::double precision AS taxa_na_primeira,
    ((sum(no_prazo_final) / NULLIF(sum(entregas), (0)::numeric)))::double precision AS taxa_no_prazo_final,
    ((sum(tentativa_no_prazo) / NULLIF(sum(entregas), (0)::numeric)))::double precision AS taxa_tentativa_no_prazo
   FROM ( SELECT resumo_entregas.balde,
            (sum(resumo_entregas.entregas))::bigint AS entregas,
            sum(resumo_entregas.segundos) AS segundos,
            sum(resumo_entregas.no_prazo) AS no_prazo,
            sum(resumo_entregas.na_primeira) AS na_primeira,
            sum(resumo_entregas.no_prazo_final) AS no_prazo_final,
            sum(resumo_entregas.tentativa_no_prazo) AS tentativa_no_prazo
           FROM public.resumo_entregas
          WHERE (resumo_entregas.dia = '-infinity'::date)
          GROUP BY resumo_entregas.balde) b;

ALTER VIEW public.indicadores_entrega OWNER TO rastreio_owner;

COMMENT ON VIEW public.indicadores_entrega IS 'All time: packages, delivered packages, delivery time from the first event to the latest ENTREGUE (mean and percentiles), share within the promise (three definitions) and at the first attempt.';

CREATE VIEW public.limites_em_vigor AS
 SELECT l.nome,
    NULL::text AS rota,
    l.valor,
    l.unidade,
    l.descricao
   FROM public.limites l
UNION ALL
 SELECT l.nome,
    ((r.origem || ' → '::text) || r.destino) AS rota,
    r.valor,
    l.unidade,
    l.descricao
   FROM (public.limites l
     JOIN public.limites_por_rota r USING (nome));

ALTER VIEW public.limites_em_vigor OWNER TO rastreio_owner;

COMMENT ON VIEW public.limites_em_vigor IS 'All limits: the defaults (rota is null) and those of single lanes.';

CREATE TABLE public.mudancas_de_limites (
    quando timestamp with time zone DEFAULT now() NOT NULL,
    quem text DEFAULT SESSION_USER NOT NULL,
    nome text NOT NULL,
    origem text,
    destino text,
    antes double precision,
    depois double precision
);

ALTER TABLE public.mudancas_de_limites OWNER TO rastreio_owner;

COMMENT ON TABLE public.mudancas_de_limites IS 'Who changed which limit, when, from what to what; without a lane the default.';

CREATE VIEW public.limites_mudados AS
 SELECT m.quando,
    m.quem,
    m.nome,
        CASE
            WHEN (m.origem IS NOT NULL) THEN ((m.origem || ' → '::text) || m.destino)
            ELSE NULL::text
        END AS rota,
    m.antes,
    m.depois,
    l.unidade
   FROM (public.mudancas_de_limites m
     LEFT JOIN public.limites l USING (nome));

ALTER VIEW public.limites_mudados OWNER TO rastreio_owner;

COMMENT ON VIEW public.limites_mudados IS 'Who changed which limit, when, from what to what; without a lane the default. Null before or after: a lane''s own limit was made or removed.';

CREATE VIEW public.lugares_conhecidos AS
 SELECT lugar,
    regiao,
    array_agg(grafia ORDER BY (grafia COLLATE "C")) AS grafias
   FROM public.grafias
  WHERE (id_lugar <> 0)
  GROUP BY id_lugar, lugar, regiao;

ALTER VIEW public.lugares_conhecidos OWNER TO rastreio_owner;

COMMENT ON VIEW public.lugares_conhecidos IS 'Places: the spelling that is shown, the region where it is known, and all spellings.';

CREATE TABLE public.lugares_ditos (
    chave text NOT NULL,
    como text NOT NULL,
    quem text DEFAULT SESSION_USER NOT NULL,
    quando timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lugares_ditos_check CHECK ((como <> chave))
);

ALTER TABLE public.lugares_ditos OWNER TO rastreio_owner;

COMMENT ON TABLE public.lugares_ditos IS 'What people say of places (npx rastreio places): one folded name/region stands for another one. Edited by that command alone.';

COMMENT ON COLUMN public.lugares_ditos.quando IS 'Rows of one command have one instant.';

CREATE TABLE public.migracoes (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE public.migracoes OWNER TO rastreio_owner;

CREATE SEQUENCE public.migracoes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.migracoes_id_seq OWNER TO rastreio_owner;

ALTER SEQUENCE public.migracoes_id_seq OWNED BY public.migracoes.id;

CREATE SEQUENCE public.numeros_dados
    START WITH -1
    INCREMENT BY -1
    MINVALUE -9007199254740991
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.numeros_dados OWNER TO rastreio_owner;

CREATE SEQUENCE public.numeros_dos_lugares
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.numeros_dos_lugares OWNER TO rastreio_owner;

CREATE TABLE public.numeros_juntados (
    id_dado bigint NOT NULL,
    id_pacote bigint NOT NULL,
    juntado_em timestamp with time zone DEFAULT now() NOT NULL,
    transacao xid8 DEFAULT pg_current_xact_id(),
    CONSTRAINT numeros_juntados_id_dado_check CHECK ((id_dado < 0)),
    CONSTRAINT numeros_juntados_id_pacote_check CHECK ((id_pacote > 0))
);

ALTER TABLE public.numeros_juntados OWNER TO rastreio_owner;

COMMENT ON TABLE public.numeros_juntados IS 'Numbers that were given here to packages whose senders said theirs later. Links with the former number find the package.';

COMMENT ON COLUMN public.numeros_juntados.transacao IS 'As in correcoes.';

CREATE VIEW public.nunca_encerrados AS
 SELECT public.nome_da_transportadora(p.transportadora) AS transportadora,
    p.id_pacote,
    COALESCE(o.lugar, p.origem) AS origem,
    COALESCE(d.lugar, p.destino) AS destino,
    p.status_atual,
    GREATEST(p.data_status, p.outra_data) AS ultimo_evento
   FROM ((public.pacotes p
     LEFT JOIN public.grafias o ON ((o.grafia = p.origem)))
     LEFT JOIN public.grafias d ON ((d.grafia = p.destino)))
  WHERE (p.aberto AND (p.data_inicio < (now() - make_interval(secs => ( SELECT public.limite('nunca_encerrado'::text) AS limite)))) AND (GREATEST(p.data_status, p.outra_data) < (now() - make_interval(secs => ( SELECT public.limite('nunca_encerrado'::text) AS limite)))));

ALTER VIEW public.nunca_encerrados OWNER TO rastreio_owner;

COMMENT ON VIEW public.nunca_encerrados IS 'Open packages without any event for longer than nunca_encerrado (table limites): nobody will close them.';

CREATE VIEW public.origens AS
 WITH RECURSIVE o AS (
         SELECT ''::text AS origem
        UNION ALL
         SELECT ( SELECT p.origem
                   FROM public.pacotes p
                  WHERE ((p.origem COLLATE "C") > o_1.origem)
                  ORDER BY (p.origem COLLATE "C")
                 LIMIT 1) AS origem
           FROM o o_1
          WHERE (o_1.origem IS NOT NULL)
        )
 SELECT DISTINCT COALESCE(g.lugar, o.origem) AS origem
   FROM (o
     LEFT JOIN public.grafias g ON ((g.grafia = o.origem)))
  WHERE ((o.origem <> ''::text) AND (g.id_lugar IS DISTINCT FROM 0))
  ORDER BY COALESCE(g.lugar, o.origem);

ALTER VIEW public.origens OWNER TO rastreio_owner;

COMMENT ON VIEW public.origens IS 'Places that packages come from.';

CREATE VIEW public.pacotes_da_torre AS
 SELECT id_pacote,
    origem,
    destino,
    status_atual,
    data_inicio,
    data_status,
    prometido_em,
    (hoje AND (status_atual <> ALL (ARRAY['EM ROTA DE ENTREGA'::text, 'AGUARDANDO RETIRADA'::text]))) AS prometidos_hoje,
    ((prometido_em < now()) AND (data_status < (now() - make_interval(secs => ( SELECT public.limite('sem_movimento'::text) AS limite))))) AS atrasados_parados,
    ((status_atual = 'POSTADO'::text) AND (data_status = data_inicio) AND (data_inicio < (now() - make_interval(secs => ( SELECT public.limite('esquecido'::text) AS limite))))) AS esquecidos,
    ((data_tentativa IS NOT NULL) AND (data_entrega IS NULL)) AS tentativa_falhou,
    amanha AS quebras_amanha,
    transportadora
   FROM ( SELECT q.id_pacote,
            q.origem,
            q.destino,
            q.data_criacao,
            q.status_atual,
            q.data_status,
            q.ordem_status,
            q.data_inicio,
            q.data_entrega,
            q.data_tentativa,
            q.aberto,
            q.outra_data,
            q.outra_ordem,
            q.outro_status,
            q.data_origem,
            q.par_origem,
            q.data_destino,
            q.par_destino,
            q.transportadora,
            q.data_transportadora,
            q.prazo_inicial,
            q.data_prazo_inicial,
            q.prazo_final,
            q.data_prazo_final,
            q.prometido_em,
            COALESCE(((q.prometido_em >= d.hoje) AND (q.prometido_em < d.amanha)), false) AS hoje,
            COALESCE(((q.prometido_em >= d.amanha) AND (q.prometido_em < d.depois)), false) AS amanha
           FROM ( SELECT o.id_pacote,
                    o.origem,
                    o.destino,
                    o.data_criacao,
                    o.status_atual,
                    o.data_status,
                    o.ordem_status,
                    o.data_inicio,
                    o.data_entrega,
                    o.data_tentativa,
                    o.aberto,
                    o.outra_data,
                    o.outra_ordem,
                    o.outro_status,
                    o.data_origem,
                    o.par_origem,
                    o.data_destino,
                    o.par_destino,
                    o.transportadora,
                    o.data_transportadora,
                    o.prazo_inicial,
                    o.data_prazo_inicial,
                    o.prazo_final,
                    o.data_prazo_final,
                    public.fim_do_prazo(o.prazo_inicial, o.data_inicio, COALESCE(z.prazo, ( SELECT public.prazo_padrao() AS prazo_padrao))) AS prometido_em
                   FROM (public.pacotes o
                     LEFT JOIN public.prazos_julgados z USING (origem, destino))
                  WHERE o.aberto) q,
            ( SELECT public.inicio_do_dia(public.dia_local(now())) AS hoje,
                    public.inicio_do_dia((public.dia_local(now()) + 1)) AS amanha,
                    public.inicio_do_dia((public.dia_local(now()) + 2)) AS depois) d) p;

ALTER VIEW public.pacotes_da_torre OWNER TO rastreio_owner;

COMMENT ON VIEW public.pacotes_da_torre IS 'Open packages, their places as carriers wrote them, when they are promised (fim_do_prazo), which lists of the control tower they are in, and the carrier, null where none is said.';

CREATE TABLE public.posicoes_lidas (
    topico text NOT NULL,
    particao integer NOT NULL,
    cluster text NOT NULL,
    proximo bigint NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE public.posicoes_lidas OWNER TO rastreio_owner;

COMMENT ON TABLE public.posicoes_lidas IS 'By partition: the offset up to which its messages are written, and of which Kafka cluster.';

CREATE VIEW public.rejeitados_por_motivo AS
 SELECT motivo,
    campo,
        CASE
            WHEN (reprocessado_em IS NOT NULL) THEN 'reprocessado'::text
            WHEN (aceito_em IS NOT NULL) THEN 'aceito'::text
            ELSE 'aberto'::text
        END AS estado,
    count(*) AS total,
    min(rejeitado_em) AS primeiro,
    max(rejeitado_em) AS ultimo
   FROM public.eventos_rejeitados
  GROUP BY motivo, campo,
        CASE
            WHEN (reprocessado_em IS NOT NULL) THEN 'reprocessado'::text
            WHEN (aceito_em IS NOT NULL) THEN 'aceito'::text
            ELSE 'aberto'::text
        END;

ALTER VIEW public.rejeitados_por_motivo OWNER TO rastreio_owner;

COMMENT ON VIEW public.rejeitados_por_motivo IS 'Rejected messages by reason, field and state: aberto (open), reprocessado (sent again), aceito (settled without).';

CREATE VIEW public.rejeitados_recentes AS
 SELECT
        CASE
            WHEN (EXISTS ( SELECT
               FROM public.ingestao)) THEN ( SELECT count(*) AS count
               FROM public.eventos_rejeitados
              WHERE (eventos_rejeitados.rejeitado_em > (now() - '24:00:00'::interval)))
            ELSE NULL::bigint
        END AS rejeitados,
    ( SELECT public.limite('rejeitados_aviso'::text) AS limite) AS rejeitados_aviso,
        CASE
            WHEN (EXISTS ( SELECT
               FROM public.ingestao)) THEN ( SELECT count(*) AS count
               FROM public.eventos_rejeitados
              WHERE ((eventos_rejeitados.reprocessado_em IS NULL) AND (eventos_rejeitados.aceito_em IS NULL)))
            ELSE NULL::bigint
        END AS abertos;

ALTER VIEW public.rejeitados_recentes OWNER TO rastreio_owner;

COMMENT ON VIEW public.rejeitados_recentes IS 'One row: messages rejected in the last 24 hours, the limit of their tile, and those that nobody has settled; null while no message ever came.';

CREATE TABLE public.resumo_atraso_dia (
    dia date NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    eventos bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_atraso_dia OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_atraso_dia IS 'Accepted events by day of receipt (UTC) and bucket of ingest delay. Slices to be summed.';

CREATE TABLE public.resumo_baldes_transportadora (
    dia date NOT NULL,
    transportadora text NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    entregas integer NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_baldes_transportadora OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_baldes_transportadora IS 'Deliveries by carrier, local day of delivery and bucket of delivery time, of packages that have a carrier. Slices to be summed.';

CREATE TABLE public.resumo_permanencia (
    dia date NOT NULL,
    status text NOT NULL,
    balde smallint NOT NULL,
    fatia smallint NOT NULL,
    passagens bigint NOT NULL,
    segundos numeric NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000');

ALTER TABLE public.resumo_permanencia OWNER TO rastreio_owner;

COMMENT ON TABLE public.resumo_permanencia IS 'How long packages stayed at an event until the next one: by status of the former, day of the latter (UTC) and bucket; day -infinity holds all days. Slices to be summed.';

ALTER TABLE public.rotas ALTER COLUMN id_rota ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rotas_id_rota_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.tamanho_do_banco AS
 SELECT nome,
    (sum(pg_total_relation_size((oid)::regclass)))::bigint AS bytes,
    (sum(GREATEST(reltuples, (0)::real)))::bigint AS linhas_estimadas
   FROM ( SELECT c.oid,
            c.reltuples,
                CASE
                    WHEN (n.nspname = '_timescaledb_internal'::name) THEN 'eventos_rastreamento'::text
                    ELSE (c.relname)::text
                END AS nome
           FROM (pg_class c
             JOIN pg_namespace n ON ((n.oid = c.relnamespace)))
          WHERE ((c.relkind = 'r'::"char") AND ((n.nspname = 'public'::name) OR ((n.nspname = '_timescaledb_internal'::name) AND (c.relname ~ '^(_hyper_|compress_hyper_)'::text))))) t
  GROUP BY nome;

ALTER VIEW public.tamanho_do_banco OWNER TO rastreio_owner;

COMMENT ON VIEW public.tamanho_do_banco IS 'Bytes on disk of each table, its indexes and chunks included, and its rows as estimated by the last ANALYZE.';

CREATE VIEW public.tamanho_total AS
 SELECT pg_database_size(current_database()) AS bytes;

ALTER VIEW public.tamanho_total OWNER TO rastreio_owner;

COMMENT ON VIEW public.tamanho_total IS 'One row: bytes on disk of the whole database.';

CREATE VIEW public.taxas_de_desfecho AS
 SELECT ((COALESCE(sum(total_pacotes) FILTER (WHERE (status_rastreamento = 'EXTRAVIADO'::text)), (0)::numeric) / NULLIF(sum(total_pacotes), (0)::numeric)))::double precision AS taxa_extraviados,
    ((COALESCE(sum(total_pacotes) FILTER (WHERE (status_rastreamento = 'DEVOLVIDO'::text)), (0)::numeric) / NULLIF(sum(total_pacotes), (0)::numeric)))::double precision AS taxa_devolvidos,
    ((COALESCE(sum(total_pacotes) FILTER (WHERE (status_rastreamento = 'CANCELADO'::text)), (0)::numeric) / NULLIF(sum(total_pacotes), (0)::numeric)))::double precision AS taxa_cancelados
   FROM public.status_dos_pacotes;

ALTER VIEW public.taxas_de_desfecho OWNER TO rastreio_owner;

COMMENT ON VIEW public.taxas_de_desfecho IS 'Share of all packages that are lost, returned, cancelled now.';

CREATE VIEW public.torre AS
 WITH abertos AS MATERIALIZED (
         SELECT pacotes_da_torre.id_pacote,
            pacotes_da_torre.origem,
            pacotes_da_torre.destino,
            pacotes_da_torre.status_atual,
            pacotes_da_torre.data_inicio,
            pacotes_da_torre.data_status,
            pacotes_da_torre.prometido_em,
            pacotes_da_torre.prometidos_hoje,
            pacotes_da_torre.atrasados_parados,
            pacotes_da_torre.esquecidos,
            pacotes_da_torre.tentativa_falhou,
            pacotes_da_torre.quebras_amanha,
            pacotes_da_torre.transportadora
           FROM public.pacotes_da_torre
        ), conta AS (
         SELECT (count(*))::double precision AS abertos,
            count(*) FILTER (WHERE abertos.prometidos_hoje) AS prometidos_hoje,
            count(*) FILTER (WHERE abertos.atrasados_parados) AS atrasados_parados,
            count(*) FILTER (WHERE abertos.esquecidos) AS esquecidos,
            count(*) FILTER (WHERE abertos.tentativa_falhou) AS tentativa_falhou
           FROM abertos
        ), quebras AS (
         SELECT COALESCE(sum(q.risco), (0)::double precision) AS esperadas,
            count(*) FILTER (WHERE (q.risco IS NULL)) AS sem_estimativa
           FROM ( SELECT public.risco_de_atraso((EXTRACT(epoch FROM (now() - p.data_inicio)))::double precision, (EXTRACT(epoch FROM (p.prometido_em - p.data_inicio)))::double precision, h.baldes, h.acima) AS risco
                   FROM (((abertos p
                     LEFT JOIN public.grafias o ON ((o.grafia = p.origem)))
                     LEFT JOIN public.grafias d ON ((d.grafia = p.destino)))
                     LEFT JOIN public.historico_das_rotas h ON (((h.origem = o.lugar) AND (h.destino = d.lugar))))
                  WHERE p.quebras_amanha) q
        )
 SELECT t.prometidos_hoje,
    GREATEST(t.um, (t.abertos * ( SELECT public.limite('torre_prometidos_hoje_aviso'::text) AS limite))) AS prometidos_hoje_aviso,
    GREATEST(t.minimo, (t.abertos * ( SELECT public.limite('torre_prometidos_hoje_critico'::text) AS limite))) AS prometidos_hoje_critico,
    t.atrasados_parados,
    GREATEST(t.um, (t.abertos * ( SELECT public.limite('torre_atrasados_parados_aviso'::text) AS limite))) AS atrasados_parados_aviso,
    GREATEST(t.minimo, (t.abertos * ( SELECT public.limite('torre_atrasados_parados_critico'::text) AS limite))) AS atrasados_parados_critico,
    t.esquecidos,
    GREATEST(t.um, (t.abertos * ( SELECT public.limite('torre_esquecidos_aviso'::text) AS limite))) AS esquecidos_aviso,
    GREATEST(t.minimo, (t.abertos * ( SELECT public.limite('torre_esquecidos_critico'::text) AS limite))) AS esquecidos_critico,
    t.tentativa_falhou,
    GREATEST(t.um, (t.abertos * ( SELECT public.limite('torre_tentativa_falhou_aviso'::text) AS limite))) AS tentativa_falhou_aviso,
    GREATEST(t.minimo, (t.abertos * ( SELECT public.limite('torre_tentativa_falhou_critico'::text) AS limite))) AS tentativa_falhou_critico,
    t.esperadas AS quebras_amanha,
    GREATEST(t.um, (t.abertos * ( SELECT public.limite('torre_quebras_amanha_aviso'::text) AS limite))) AS quebras_amanha_aviso,
    GREATEST(t.minimo, (t.abertos * ( SELECT public.limite('torre_quebras_amanha_critico'::text) AS limite))) AS quebras_amanha_critico,
    t.sem_estimativa AS quebras_amanha_sem_estimativa
   FROM (( SELECT) uma
     LEFT JOIN ( SELECT (1)::double precision AS um,
            ( SELECT public.limite('torre_minimo'::text) AS limite) AS minimo,
            conta.abertos,
            conta.prometidos_hoje,
            conta.atrasados_parados,
            conta.esquecidos,
            conta.tentativa_falhou,
            quebras.esperadas,
            quebras.sem_estimativa
           FROM conta,
            quebras) t ON ((EXISTS ( SELECT
           FROM public.status_dos_pacotes))));

ALTER VIEW public.torre OWNER TO rastreio_owner;

COMMENT ON VIEW public.torre IS 'One row: how many packages are in each list of the control tower, the promises expected to be broken tomorrow, and the limits of each; all null while there is no package.';

CREATE VIEW public.torre_das_transportadoras AS
 SELECT public.nome_da_transportadora(transportadora) AS transportadora,
    count(*) AS abertos,
    count(*) FILTER (WHERE prometidos_hoje) AS prometidos_hoje,
    count(*) FILTER (WHERE atrasados_parados) AS atrasados_parados,
    count(*) FILTER (WHERE esquecidos) AS esquecidos,
    count(*) FILTER (WHERE tentativa_falhou) AS tentativa_falhou
   FROM public.pacotes_da_torre t
  GROUP BY (public.nome_da_transportadora(transportadora));

ALTER VIEW public.torre_das_transportadoras OWNER TO rastreio_owner;

COMMENT ON VIEW public.torre_das_transportadoras IS 'How many open packages of each carrier are in which lists of the control tower (pacotes_da_torre).';

CREATE VIEW public.transportadoras AS
 WITH com AS MATERIALIZED (
         SELECT resumo_postagem_transportadora.transportadora,
            sum(resumo_postagem_transportadora.pacotes) AS pacotes
           FROM public.resumo_postagem_transportadora
          GROUP BY resumo_postagem_transportadora.transportadora
         HAVING (sum(resumo_postagem_transportadora.pacotes) > (0)::numeric)
        )
 SELECT com.transportadora
   FROM com
UNION ALL
 SELECT public.nome_da_transportadora(NULL::text) AS transportadora
  WHERE (( SELECT COALESCE(sum(status_dos_pacotes.total_pacotes), (0)::numeric) AS "coalesce"
           FROM public.status_dos_pacotes) > ( SELECT COALESCE(sum(com.pacotes), (0)::numeric) AS "coalesce"
           FROM com));

ALTER VIEW public.transportadoras OWNER TO rastreio_owner;

COMMENT ON VIEW public.transportadoras IS 'Carriers that have packages, and (não informada) where there are packages without one.';

CREATE TABLE public.versao_do_esquema (
    unica boolean DEFAULT true NOT NULL,
    escritor_minimo integer NOT NULL,
    versao_palavras bigint DEFAULT 0 NOT NULL,
    juncoes bigint DEFAULT 0 NOT NULL,
    CONSTRAINT versao_do_esquema_unica_check CHECK (unica)
);

ALTER TABLE public.versao_do_esquema OWNER TO rastreio_owner;

COMMENT ON TABLE public.versao_do_esquema IS 'One row: the oldest generation of the writer that may write to this schema, and which words writers must know.';

COMMENT ON COLUMN public.versao_do_esquema.versao_palavras IS 'Moves with each change of catalogo_status and apelidos_status, while no batch is under way.';

COMMENT ON COLUMN public.versao_do_esquema.juncoes IS 'How often numbers were joined: what writers remember of numbers holds as long as it stays.';

ALTER TABLE ONLY public.migracoes ALTER COLUMN id SET DEFAULT nextval('public.migracoes_id_seq'::regclass);

ALTER TABLE ONLY public.apelidos_status
    ADD CONSTRAINT apelidos_status_pkey PRIMARY KEY (transportadora, tipo, palavra);

ALTER TABLE ONLY public.catalogo_status
    ADD CONSTRAINT catalogo_status_ordem_key UNIQUE (ordem) DEFERRABLE;

ALTER TABLE ONLY public.catalogo_status
    ADD CONSTRAINT catalogo_status_pkey PRIMARY KEY (status);

ALTER TABLE ONLY public.codigos
    ADD CONSTRAINT codigos_pkey PRIMARY KEY (transportadora, codigo);

ALTER TABLE ONLY public.correcoes
    ADD CONSTRAINT correcoes_pkey PRIMARY KEY (id_pacote, data_evento, status_rastreamento, alvo);

ALTER TABLE ONLY public.eventos_anteriores
    ADD CONSTRAINT eventos_anteriores_pkey PRIMARY KEY (id_pacote, data_evento, status_rastreamento);

ALTER TABLE ONLY public.eventos_corrigidos
    ADD CONSTRAINT eventos_corrigidos_pkey PRIMARY KEY (id_pacote, data_evento, status_rastreamento);

ALTER TABLE ONLY public.eventos_rastreamento
    ADD CONSTRAINT eventos_rastreamento_pkey PRIMARY KEY (id_pacote, data_evento, status_rastreamento);

ALTER TABLE ONLY public.eventos_rejeitados
    ADD CONSTRAINT eventos_rejeitados_pkey PRIMARY KEY (topico, particao, deslocamento, vida);

ALTER TABLE ONLY public.feriados
    ADD CONSTRAINT feriados_pkey PRIMARY KEY (dia);

ALTER TABLE ONLY public.funcoes_aplicadas
    ADD CONSTRAINT funcoes_aplicadas_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.grafias
    ADD CONSTRAINT grafias_pkey PRIMARY KEY (grafia);

ALTER TABLE ONLY public.ingestao
    ADD CONSTRAINT ingestao_pkey PRIMARY KEY (minuto, topico, particao);

ALTER TABLE ONLY public.limites
    ADD CONSTRAINT limites_pkey PRIMARY KEY (nome);

ALTER TABLE ONLY public.limites
    ADD CONSTRAINT limites_por_rota_chave UNIQUE (nome, por_rota);

ALTER TABLE ONLY public.limites_por_rota
    ADD CONSTRAINT limites_por_rota_pkey PRIMARY KEY (nome, origem, destino);

ALTER TABLE ONLY public.lugares_ditos
    ADD CONSTRAINT lugares_ditos_pkey PRIMARY KEY (chave);

ALTER TABLE ONLY public.mensagens_perdidas
    ADD CONSTRAINT mensagens_perdidas_pkey PRIMARY KEY (topico, particao, cluster, desde, ate);

ALTER TABLE ONLY public.migracoes
    ADD CONSTRAINT migracoes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.numeros_juntados
    ADD CONSTRAINT numeros_juntados_pkey PRIMARY KEY (id_dado);

ALTER TABLE public.pacotes
    ADD CONSTRAINT pacotes_id_pacote_check CHECK ((id_pacote <> 0)) NOT VALID;

ALTER TABLE ONLY public.pacotes
    ADD CONSTRAINT pacotes_pkey PRIMARY KEY (id_pacote);

ALTER TABLE ONLY public.posicoes_lidas
    ADD CONSTRAINT posicoes_lidas_pkey PRIMARY KEY (topico, particao, cluster);

ALTER TABLE ONLY public.prazos_julgados
    ADD CONSTRAINT prazos_julgados_pkey PRIMARY KEY (origem, destino);

ALTER TABLE ONLY public.prazos
    ADD CONSTRAINT prazos_pkey PRIMARY KEY (origem, destino);

ALTER TABLE ONLY public.removidos_atraso
    ADD CONSTRAINT removidos_atraso_pkey PRIMARY KEY (hora, balde);

ALTER TABLE ONLY public.removidos_historico
    ADD CONSTRAINT removidos_historico_pkey PRIMARY KEY (hora, status);

ALTER TABLE ONLY public.removidos_permanencia
    ADD CONSTRAINT removidos_permanencia_pkey PRIMARY KEY (dia, status, balde);

ALTER TABLE ONLY public.resumo_atraso_dia
    ADD CONSTRAINT resumo_atraso_dia_pkey PRIMARY KEY (dia, balde, fatia);

ALTER TABLE ONLY public.resumo_atraso
    ADD CONSTRAINT resumo_atraso_pkey PRIMARY KEY (hora, balde, fatia);

ALTER TABLE ONLY public.resumo_baldes_rota
    ADD CONSTRAINT resumo_baldes_rota_pkey PRIMARY KEY (dia, id_rota, balde, fatia);

ALTER TABLE ONLY public.resumo_baldes_transportadora
    ADD CONSTRAINT resumo_baldes_transportadora_pkey PRIMARY KEY (dia, transportadora, balde, fatia);

ALTER TABLE ONLY public.resumo_coortes
    ADD CONSTRAINT resumo_coortes_dia_status_dias_fatia_key UNIQUE NULLS NOT DISTINCT (dia, status, dias, fatia);

ALTER TABLE ONLY public.resumo_entregas
    ADD CONSTRAINT resumo_entregas_pkey PRIMARY KEY (dia, balde, fatia);

ALTER TABLE ONLY public.resumo_entregas_rota
    ADD CONSTRAINT resumo_entregas_rota_pkey PRIMARY KEY (dia, id_rota, fatia);

ALTER TABLE ONLY public.resumo_entregas_transportadora
    ADD CONSTRAINT resumo_entregas_transportadora_pkey PRIMARY KEY (dia, transportadora, fatia);

ALTER TABLE ONLY public.resumo_historico
    ADD CONSTRAINT resumo_historico_pkey PRIMARY KEY (hora, status, fatia);

ALTER TABLE ONLY public.resumo_ingestao
    ADD CONSTRAINT resumo_ingestao_pkey PRIMARY KEY (hora, topico, fatia);

ALTER TABLE ONLY public.resumo_permanencia
    ADD CONSTRAINT resumo_permanencia_pkey PRIMARY KEY (dia, status, balde, fatia);

ALTER TABLE ONLY public.resumo_postagem_transportadora
    ADD CONSTRAINT resumo_postagem_transportadora_pkey PRIMARY KEY (dia, transportadora, fatia);

ALTER TABLE ONLY public.resumo_status
    ADD CONSTRAINT resumo_status_pkey PRIMARY KEY (status, fatia);

ALTER TABLE ONLY public.retencao
    ADD CONSTRAINT retencao_pkey PRIMARY KEY (unica);

ALTER TABLE ONLY public.rotas
    ADD CONSTRAINT rotas_origem_destino_key UNIQUE (origem, destino);

ALTER TABLE ONLY public.rotas
    ADD CONSTRAINT rotas_pkey PRIMARY KEY (id_rota);

ALTER TABLE ONLY public.versao_do_esquema
    ADD CONSTRAINT versao_do_esquema_pkey PRIMARY KEY (unica);

CREATE INDEX codigos_codigo ON public.codigos USING btree (codigo);

CREATE UNIQUE INDEX codigos_dados ON public.codigos USING btree (id_pacote) WHERE (id_pacote < 0);

CREATE INDEX codigos_id_pacote ON public.codigos USING btree (id_pacote);

CREATE INDEX correcoes_transacao ON public.correcoes USING btree (transacao);

CREATE INDEX eventos_corrigidos_corrigido_em ON public.eventos_corrigidos USING btree (corrigido_em DESC);

CREATE INDEX eventos_rastreamento_data_evento ON public.eventos_rastreamento USING brin (data_evento timestamptz_minmax_multi_ops) WITH (pages_per_range='16', autosummarize='on');

CREATE INDEX eventos_rejeitados_abertos ON public.eventos_rejeitados USING btree (motivo, rejeitado_em DESC) WHERE ((reprocessado_em IS NULL) AND (aceito_em IS NULL));

CREATE INDEX eventos_rejeitados_chave ON public.eventos_rejeitados USING hash (chave);

CREATE UNIQUE INDEX eventos_rejeitados_identidade ON public.eventos_rejeitados USING btree (topico, particao, deslocamento, sha256(((COALESCE(int8send(marca_tempo), '\x'::bytea) || COALESCE(sha256(chave), '\x00'::bytea)) || COALESCE(sha256(valor), '\x00'::bytea))));

CREATE INDEX eventos_rejeitados_rejeitado_em ON public.eventos_rejeitados USING btree (rejeitado_em DESC);

CREATE INDEX eventos_rejeitados_reprocessado_de ON public.eventos_rejeitados USING hash (((cabecalhos ->> 'rastreio.reprocessado_de'::text))) WHERE (cabecalhos ? 'rastreio.reprocessado_de'::text);

CREATE INDEX grafias_chave ON public.grafias USING btree (chave);

CREATE INDEX grafias_id_lugar ON public.grafias USING btree (id_lugar);

CREATE INDEX grafias_nome ON public.grafias USING btree (nome);

CREATE INDEX ingestao_adiantada ON public.ingestao USING btree (minuto) WHERE ((recebido_ate - minuto) > '00:01:00'::interval);

CREATE INDEX ingestao_recebido_ate ON public.ingestao USING btree (topico, recebido_ate);

CREATE INDEX ingestao_sem_hora ON public.ingestao USING btree (minuto) WHERE (sem_hora > 0);

CREATE INDEX mensagens_perdidas_percebido_em ON public.mensagens_perdidas USING btree (percebido_em);

CREATE INDEX mudancas_de_limites_quando ON public.mudancas_de_limites USING btree (quando DESC);

CREATE INDEX numeros_juntados_transacao ON public.numeros_juntados USING btree (transacao);

CREATE INDEX pacotes_abertos ON public.pacotes USING btree (data_inicio) WHERE aberto;

CREATE INDEX pacotes_abertos_com_prazo ON public.pacotes USING btree (data_inicio) WHERE (aberto AND (prazo_inicial IS NOT NULL));

CREATE INDEX pacotes_data_entrega ON public.pacotes USING btree (data_entrega) WHERE (data_entrega IS NOT NULL);

CREATE INDEX pacotes_entregas_transportadora ON public.pacotes USING btree (transportadora, data_entrega) WHERE ((transportadora IS NOT NULL) AND (data_entrega IS NOT NULL));

CREATE INDEX pacotes_fora_de_ordem ON public.pacotes USING btree (data_entrega) WHERE ((data_entrega IS NOT NULL) AND (aberto OR (data_entrega = data_inicio)));

CREATE INDEX pacotes_lugares ON public.pacotes USING btree (origem COLLATE "C", destino COLLATE "C");

CREATE TRIGGER anota AFTER UPDATE ON public.limites FOR EACH ROW EXECUTE FUNCTION public.anota_limites();

CREATE TRIGGER anota AFTER INSERT OR DELETE OR UPDATE ON public.limites_por_rota FOR EACH ROW EXECUTE FUNCTION public.anota_limites();

CREATE TRIGGER anota AFTER INSERT ON public.rotas REFERENCING NEW TABLE AS novas FOR EACH STATEMENT EXECUTE FUNCTION public.anota_rotas();

CREATE TRIGGER esvazia AFTER TRUNCATE ON public.pacotes FOR EACH STATEMENT EXECUTE FUNCTION public.esvazia_resumos();

CREATE TRIGGER guarda BEFORE DELETE OR UPDATE ON public.limites FOR EACH ROW EXECUTE FUNCTION public.guarda_limites();

CREATE TRIGGER guarda BEFORE INSERT OR UPDATE ON public.lugares_ditos FOR EACH ROW EXECUTE FUNCTION public.guarda_lugares_ditos();

CREATE TRIGGER guarda_anteriores AFTER UPDATE ON public.pacotes REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION public.guarda_anteriores();

CREATE TRIGGER guarda_tudo BEFORE TRUNCATE ON public.limites FOR EACH STATEMENT EXECUTE FUNCTION public.guarda_limites();

CREATE TRIGGER julga AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.prazos FOR EACH STATEMENT EXECUTE FUNCTION public.julga_prazos();

CREATE TRIGGER resume_atualizacao AFTER UPDATE ON public.pacotes REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION public.resume_atualizacao();

CREATE TRIGGER resume_exclusao AFTER DELETE ON public.pacotes REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION public.resume_exclusao();

CREATE TRIGGER resume_insercao AFTER INSERT ON public.pacotes REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION public.resume_insercao();

CREATE TRIGGER soma_atualizacao AFTER UPDATE ON public.ingestao REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION public.soma_ingestao();

CREATE TRIGGER soma_exclusao AFTER DELETE ON public.ingestao REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION public.soma_ingestao();

CREATE TRIGGER soma_insercao AFTER INSERT ON public.ingestao REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION public.soma_ingestao();

CREATE TRIGGER soma_truncamento AFTER TRUNCATE ON public.ingestao FOR EACH STATEMENT EXECUTE FUNCTION public.soma_ingestao();

ALTER TABLE ONLY public.apelidos_status
    ADD CONSTRAINT apelidos_status_status_fkey FOREIGN KEY (status) REFERENCES public.catalogo_status(status);

ALTER TABLE ONLY public.limites_por_rota
    ADD CONSTRAINT limite_que_rotas_podem_ter FOREIGN KEY (nome, por_rota) REFERENCES public.limites(nome, por_rota);

GRANT USAGE ON SCHEMA public TO rastreio_writer;
GRANT USAGE ON SCHEMA public TO grafana_reader;

GRANT SELECT ON TABLE public.eventos_anteriores TO grafana_reader;

GRANT SELECT,INSERT ON TABLE public.eventos_rastreamento TO rastreio_writer;
GRANT SELECT ON TABLE public.eventos_rastreamento TO grafana_reader;

GRANT SELECT ON TABLE public.retencao TO rastreio_writer;
GRANT SELECT ON TABLE public.retencao TO grafana_reader;

GRANT SELECT ON TABLE public.catalogo_status TO rastreio_writer;
GRANT SELECT ON TABLE public.catalogo_status TO grafana_reader;

GRANT SELECT,INSERT,UPDATE ON TABLE public.pacotes TO rastreio_writer;
GRANT SELECT ON TABLE public.pacotes TO grafana_reader;

REVOKE ALL ON FUNCTION public.anota_grafias(textos text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.anota_grafias(textos text[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.anota_limites() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.anota_par(pacote bigint, origem text, destino text, inicio timestamp with time zone, fim timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.anota_rotas() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.aplica_correcoes(ids bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.arruma_grafias(nomes text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.copia_pacotes(de bigint[], para bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.escolhe_grafias() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.escreve_corrigidos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[], alvos text[], sozinho boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.escreve_corrigidos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[], alvos text[], sozinho boolean) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.esvazia_resumos() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.eventos_restantes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.exige_escritor(geracao integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.fatia_livre() FROM PUBLIC;

GRANT SELECT ON TABLE public.feriados TO grafana_reader;

REVOKE ALL ON FUNCTION public.guarda_anteriores() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.guarda_limites() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.guarda_lugares_ditos() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.iguala_pacotes(certos conferencia.pacotes[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.insere_grafias(textos text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.julga_de_novo(novas text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.julga_prazos() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.junta_correcao(nova public.correcao) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.junta_relatos(relatos public.evento[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.junta_relatos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.junta_relatos(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[], detalhes_ jsonb[]) TO rastreio_writer;

GRANT SELECT ON TABLE public.grafias TO rastreio_writer;
GRANT SELECT ON TABLE public.grafias TO grafana_reader;

GRANT SELECT ON TABLE public.limites_por_rota TO grafana_reader;
GRANT SELECT ON TABLE public.limites_por_rota TO rastreio_writer;

GRANT SELECT ON TABLE public.limites_dos_lugares TO grafana_reader;

GRANT SELECT,INSERT ON TABLE public.codigos TO rastreio_writer;
GRANT SELECT ON TABLE public.codigos TO grafana_reader;

GRANT SELECT ON TABLE public.prazos TO grafana_reader;
GRANT SELECT ON TABLE public.prazos TO rastreio_writer;

REVOKE ALL ON FUNCTION public.refaz_grafias() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refaz_pacotes(ids bigint[], inicio timestamp with time zone, fim timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.resume_atualizacao() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.resume_exclusao() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.resume_insercao() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sem_limite_de_colunas() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.soma_atrasados(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.soma_atrasados(pacotes_ bigint[], datas timestamp with time zone[], situacoes text[], recebidos timestamp with time zone[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.soma_atraso(horas timestamp with time zone[], baldes smallint[], quantos bigint[], micros bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.soma_atraso(horas timestamp with time zone[], baldes smallint[], quantos bigint[], micros bigint[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.soma_historico(horas timestamp with time zone[], situacoes text[], quantos bigint[], variacoes bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.soma_historico(horas timestamp with time zone[], situacoes text[], quantos bigint[], variacoes bigint[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.soma_ingestao() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[]) TO rastreio_writer;

REVOKE ALL ON FUNCTION public.soma_trocados(sairam public.evento[], entraram public.evento[]) FROM PUBLIC;

GRANT SELECT ON TABLE public.resumo_ingestao TO grafana_reader;

REVOKE ALL ON FUNCTION public.tranca_pacotes(ids bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.troca_eventos(saem public.evento[], entram public.evento[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.troca_guardados(saem public.evento[], entram public.evento[], correcoes_saem public.correcao[], correcoes_entram public.correcao[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.troca_mensagens(saem public.evento[], entram public.evento[]) FROM PUBLIC;

GRANT SELECT ON TABLE public.correcoes TO rastreio_writer;
GRANT SELECT ON TABLE public.correcoes TO grafana_reader;

GRANT SELECT ON TABLE public.eventos_corrigidos TO grafana_reader;

GRANT SELECT ON TABLE public.rotas TO grafana_reader;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ingestao TO rastreio_writer;
GRANT SELECT ON TABLE public.ingestao TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_status TO grafana_reader;

GRANT SELECT ON TABLE public.status_dos_pacotes TO rastreio_writer;
GRANT SELECT ON TABLE public.status_dos_pacotes TO grafana_reader;

GRANT SELECT ON TABLE public.abertos_por_idade TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_atraso TO grafana_reader;

GRANT SELECT ON TABLE public.ultimo_recebimento TO grafana_reader;

GRANT SELECT ON TABLE public.atraso_tipico TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_historico TO grafana_reader;

GRANT SELECT ON TABLE public.completude_por_hora TO grafana_reader;

GRANT SELECT ON TABLE public.dados_completos TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_completude TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_consumidor TO grafana_reader;

GRANT SELECT ON TABLE public.confiabilidade TO grafana_reader;

GRANT SELECT,INSERT ON TABLE public.mensagens_perdidas TO rastreio_writer;
GRANT SELECT ON TABLE public.mensagens_perdidas TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_conta TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_desconhecidos TO grafana_reader;

GRANT SELECT ON TABLE public.indicadores_abertos TO grafana_reader;

GRANT SELECT ON TABLE public.prazos_julgados TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_baldes_rota TO grafana_reader;

GRANT SELECT ON TABLE public.rotas_dos_lugares TO grafana_reader;

GRANT SELECT ON TABLE public.limites_das_rotas TO grafana_reader;

GRANT SELECT ON TABLE public.pacotes_em_risco TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_em_risco TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_coortes TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_esquecidos TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_extravios TO grafana_reader;

GRANT SELECT ON TABLE public.limites TO rastreio_writer;
GRANT SELECT ON TABLE public.limites TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_limites TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_origens TO grafana_reader;

GRANT SELECT ON TABLE public.limites_dos_status TO grafana_reader;

GRANT SELECT ON TABLE public.pacotes_parados TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_parados_rota TO grafana_reader;

GRANT SELECT ON TABLE public.parados_por_status TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_parados_status TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_postagem TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_reabertos TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_rejeitados TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_relogio TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_entregas_rota TO grafana_reader;

GRANT SELECT ON TABLE public.rotas_desde_ontem TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_rotas TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_entregas_transportadora TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_transportadoras TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_postagem_transportadora TO grafana_reader;

GRANT SELECT ON TABLE public.alerta_transportadoras_caladas TO grafana_reader;

GRANT SELECT ON TABLE public.apelidos_status TO rastreio_writer;
GRANT SELECT ON TABLE public.apelidos_status TO grafana_reader;

GRANT SELECT,INSERT,UPDATE ON TABLE public.eventos_rejeitados TO rastreio_writer;

GRANT SELECT(topico) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(particao) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(deslocamento) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(motivo) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(campo) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(detalhe) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(recebido_em) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(rejeitado_em) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(reprocessado_em) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(aceito_em) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT(vida) ON TABLE public.eventos_rejeitados TO grafana_reader;

GRANT SELECT ON TABLE public.cartas TO grafana_reader;

GRANT SELECT ON TABLE public.destinos TO grafana_reader;

GRANT SELECT ON TABLE public.entregas_julgadas TO grafana_reader;

GRANT SELECT ON TABLE public.eventos_corrigidos_recentes TO grafana_reader;

GRANT SELECT ON TABLE public.frescor TO grafana_reader;

GRANT SELECT ON TABLE public.funcoes_aplicadas TO rastreio_writer;
GRANT SELECT ON TABLE public.funcoes_aplicadas TO grafana_reader;

GRANT SELECT ON TABLE public.historico_das_rotas TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_entregas TO grafana_reader;

GRANT SELECT ON TABLE public.indicadores_entrega TO grafana_reader;
GRANT SELECT ON TABLE public.indicadores_entrega TO rastreio_writer;

GRANT SELECT ON TABLE public.limites_em_vigor TO grafana_reader;

GRANT SELECT ON TABLE public.mudancas_de_limites TO grafana_reader;

GRANT SELECT ON TABLE public.limites_mudados TO grafana_reader;

GRANT SELECT ON TABLE public.lugares_conhecidos TO grafana_reader;

GRANT SELECT ON TABLE public.lugares_ditos TO grafana_reader;

GRANT SELECT ON TABLE public.migracoes TO rastreio_writer;
GRANT SELECT ON TABLE public.migracoes TO grafana_reader;

GRANT USAGE ON SEQUENCE public.numeros_dados TO rastreio_writer;

GRANT SELECT ON TABLE public.numeros_juntados TO grafana_reader;
GRANT SELECT ON TABLE public.numeros_juntados TO rastreio_writer;

GRANT SELECT ON TABLE public.nunca_encerrados TO grafana_reader;

GRANT SELECT ON TABLE public.origens TO grafana_reader;

GRANT SELECT ON TABLE public.pacotes_da_torre TO grafana_reader;

GRANT SELECT,INSERT,UPDATE ON TABLE public.posicoes_lidas TO rastreio_writer;
GRANT SELECT ON TABLE public.posicoes_lidas TO grafana_reader;

GRANT SELECT ON TABLE public.rejeitados_por_motivo TO rastreio_writer;
GRANT SELECT ON TABLE public.rejeitados_por_motivo TO grafana_reader;

GRANT SELECT ON TABLE public.rejeitados_recentes TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_atraso_dia TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_baldes_transportadora TO grafana_reader;

GRANT SELECT ON TABLE public.resumo_permanencia TO grafana_reader;

GRANT SELECT ON TABLE public.tamanho_do_banco TO grafana_reader;

GRANT SELECT ON TABLE public.tamanho_total TO grafana_reader;

GRANT SELECT ON TABLE public.taxas_de_desfecho TO grafana_reader;

GRANT SELECT ON TABLE public.torre TO grafana_reader;

GRANT SELECT ON TABLE public.torre_das_transportadoras TO grafana_reader;

GRANT SELECT ON TABLE public.transportadoras TO grafana_reader;

GRANT SELECT ON TABLE public.versao_do_esquema TO rastreio_writer;
GRANT SELECT ON TABLE public.versao_do_esquema TO grafana_reader;
