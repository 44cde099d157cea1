-- How people name a package: by the number that a sender gave it, by a tracking number, by carrier and tracking number.

CREATE FUNCTION nome_do_pacote(pacote bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN pacote > 0 THEN pacote::text
  ELSE coalesce((SELECT min(c.transportadora || '/' || c.codigo) FROM codigos c WHERE c.id_pacote = pacote), pacote::text) END;
COMMENT ON FUNCTION nome_do_pacote(bigint) IS
  'What people call a package: the number that a sender gave it, else carrier/tracking number, which is also its key in Kafka.';

-- Carriers and tracking numbers may have a / of their own, so each one in the text may be the one between them.
CREATE FUNCTION numero_do_pacote(texto text) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
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
$$;
COMMENT ON FUNCTION numero_do_pacote(text) IS
  'The package that a text names: by its number (or the one that it was given before its sender said it), a tracking number, or carrier/tracking number, with or without spaces, in any case. Of several carriers with one tracking number, that of the latest event. Digits that name none are a number all the same; null for any other text.';
