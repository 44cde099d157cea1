-- Dead letters: counted, and why they are. What a stranger sent is not for Grafana, where whoever may open a dashboard may read all that its role
-- may: npm run dlq -- show has it, for those with the writer's password.

CREATE VIEW rejeitados_por_motivo AS
SELECT
  motivo,
  campo,
  CASE WHEN reprocessado_em IS NOT NULL THEN 'reprocessado' WHEN aceito_em IS NOT NULL THEN 'aceito' ELSE 'aberto' END AS estado,
  count(*) AS total,
  min(rejeitado_em) AS primeiro,
  max(rejeitado_em) AS ultimo
FROM eventos_rejeitados
GROUP BY 1, 2, 3;
COMMENT ON VIEW rejeitados_por_motivo IS
  'Rejected messages by reason, field and state: aberto (open), reprocessado (sent again), aceito (settled without).';

-- What must not reach a screen as it is: controls, formats such as those that turn the direction of writing, separators. As printable() in
-- packages/deadletters does it; a test compares them.
CREATE FUNCTION texto_imprimivel(texto text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
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
COMMENT ON FUNCTION texto_imprimivel(text) IS 'Text in one line whose control and format characters are written as escapes.';

CREATE VIEW cartas AS
SELECT
  rejeitado_em, motivo, campo, texto_imprimivel(detalhe) AS detalhe,
  CASE WHEN reprocessado_em IS NOT NULL THEN 'reprocessado' WHEN aceito_em IS NOT NULL THEN 'aceito' ELSE 'aberto' END AS estado,
  topico, particao, deslocamento, vida,
  texto_imprimivel(topico) || '/' || particao || '/' || deslocamento || CASE WHEN vida > 1 THEN '@' || vida ELSE '' END AS lugar
FROM eventos_rejeitados;
COMMENT ON VIEW cartas IS 'Dead letters with their state (aberto, reprocessado, aceito) and place.';

-- By the record's key, which only the owner reads here.
CREATE FUNCTION cartas_do_pacote(pacote bigint)
RETURNS TABLE (rejeitado_em timestamptz, motivo text, campo text, detalhe text, estado text, lugar text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.rejeitado_em, c.motivo, c.campo, c.detalhe, c.estado, c.lugar
  FROM eventos_rejeitados e JOIN cartas c USING (topico, particao, deslocamento, vida)
  WHERE e.chave IN (
    SELECT convert_to(pacote::text, 'UTF8')
    UNION ALL SELECT convert_to(k.transportadora || '/' || k.codigo, 'UTF8') FROM codigos k WHERE k.id_pacote = pacote
  )
  ORDER BY c.rejeitado_em DESC, c.lugar
$$;
COMMENT ON FUNCTION cartas_do_pacote(bigint) IS 'The dead letters whose key is the number of the package or one of its tracking numbers, newest first.';

CREATE FUNCTION cartas_mortas(de timestamptz, ate timestamptz, limite integer)
RETURNS TABLE (rejeitado_em timestamptz, motivo text, campo text, detalhe text, estado text, lugar text, comando text)
LANGUAGE sql STABLE AS $$
  SELECT c.rejeitado_em, c.motivo, c.campo, c.detalhe, c.estado, c.lugar,
         'npm run dlq -- replay ' || CASE WHEN c.place ~ '^[A-Za-z0-9_.:/@%+-]+$' THEN c.place ELSE '''' || replace(c.place, '''', '''\''''') || '''' END
           || CASE WHEN c.estado = 'aberto' THEN '' ELSE ' --again' END
  FROM (
    SELECT *, topico || ':' || particao || ':' || deslocamento || CASE WHEN vida > 1 THEN '@' || vida ELSE '' END AS place
    FROM cartas WHERE cartas.rejeitado_em >= de AND cartas.rejeitado_em <= ate
    ORDER BY cartas.rejeitado_em DESC, topico, particao, deslocamento DESC, vida DESC LIMIT limite
  ) AS c
  ORDER BY c.rejeitado_em DESC, c.topico, c.particao, c.deslocamento DESC, c.vida DESC
$$;
COMMENT ON FUNCTION cartas_mortas(timestamptz, timestamptz, integer) IS
  'The newest dead letters of the range: why each was rejected, where it is, and the command that sends it again.';

CREATE VIEW rejeitados_recentes AS
SELECT
  CASE WHEN EXISTS (SELECT FROM ingestao) THEN (SELECT count(*) FROM eventos_rejeitados WHERE rejeitado_em > now() - interval '24 hours') END AS rejeitados,
  (SELECT limite('rejeitados_aviso')) AS rejeitados_aviso,
  CASE WHEN EXISTS (SELECT FROM ingestao) THEN (SELECT count(*) FROM eventos_rejeitados WHERE reprocessado_em IS NULL AND aceito_em IS NULL) END AS abertos;
COMMENT ON VIEW rejeitados_recentes IS
  'One row: messages rejected in the last 24 hours, the limit of their tile, and those that nobody has settled; null while no message ever came.';

GRANT SELECT ON rejeitados_por_motivo TO rastreio_writer, grafana_reader;
GRANT SELECT ON cartas, rejeitados_recentes TO grafana_reader;

-- All of a dead letter but what was sent: its bytes, its key and its headers.
REVOKE SELECT ON eventos_rejeitados FROM grafana_reader;
GRANT SELECT (topico, particao, deslocamento, vida, motivo, campo, detalhe, recebido_em, rejeitado_em, reprocessado_em, aceito_em)
  ON eventos_rejeitados TO grafana_reader;
