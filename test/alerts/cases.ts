/**
 * How the figure of a rule is brought over its limit, and back to just inside: statements as a superuser, in a transaction that is rolled
 * back, over a database with ordinary parcels.
 */
export interface Case {
  /** What has to be there for the figure not to be 0 or unknown. */
  readonly given?: string;
  /** The limit that is moved to just under and just over the figure; without one, `fires` and `quiet` are the two states. */
  readonly limit?: string;
  readonly fires?: string;
  readonly quiet?: string;
}

const HOUR_AGO = `date_trunc('hour', now() - interval '1 hour')`;
const ACCOUNTS = (rejected: number) => `
  UPDATE ingestao SET consumidos = inseridos + duplicados + ${rejected}, rejeitados = ${rejected}
  WHERE minuto = (SELECT max(minuto) FROM ingestao)`;

/** More deliveries than the 60 that a p95 needs. */
const ONE_LANE = `UPDATE pacotes SET origem = 'Natal', destino = 'Palmas' WHERE data_entrega IS NOT NULL`;
const STUCK = `
  UPDATE pacotes SET data_status = now() - interval '60 days', data_inicio = now() - interval '60 days'
  WHERE id_pacote IN (SELECT id_pacote FROM pacotes WHERE aberto AND status_atual = 'EM TRÂNSITO' ORDER BY 1 LIMIT 60)`;

/** Of the weeks before less than of the last days, which so are enough on any weekday. */
const CARRIED = `
  UPDATE pacotes SET transportadora = 'CORREIOS' WHERE data_entrega IS NULL OR data_entrega > now() - interval '3 days' OR id_pacote % 4 = 0;
  UPDATE limites SET valor = 1 WHERE nome IN ('transportadora_entregas', 'transportadora_normal', 'transportadora_eventos');
  UPDATE limites SET valor = 86400 WHERE nome = 'transportadora_silencio'`;

/** By rule on the database. A rule without a case fails the test. */
export const CASES: Readonly<Record<string, Case>> = {
  'rastreio-tempo-de-entrega': {
    fires: `UPDATE pacotes SET data_inicio = data_inicio - interval '20 days' WHERE data_entrega > now() - interval '2 days'`,
    quiet: 'SELECT',
  },
  'rastreio-tempo-medio-rota': { limit: 'rota_media_prazo' },
  'rastreio-tempo-p95-rota': { given: ONE_LANE, limit: 'rota_p95_prazo' },
  'rastreio-tempo-medio-normal': { limit: 'rota_media_normal' },
  'rastreio-tempo-p95-normal': { given: ONE_LANE, limit: 'rota_p95_normal' },
  'rastreio-no-prazo-postagem': { limit: 'postagem_no_prazo' },
  'rastreio-transportadora-no-prazo': { given: CARRIED, limit: 'transportadora_no_prazo' },
  'rastreio-em-risco': { limit: 'em_risco' },
  'rastreio-parados-status': { given: STUCK, limit: 'parados_status' },
  'rastreio-parados-rota': { given: STUCK, limit: 'parados_rota' },
  'rastreio-extravios': {
    given: `INSERT INTO resumo_historico VALUES (${HOUR_AGO}, 'EXTRAVIADO', 15, 200, 0)`,
    limit: 'extravios',
  },
  'rastreio-reabertos': {
    given: `
      UPDATE pacotes SET data_entrega = data_status, data_status = now() - interval '1 hour'
      WHERE id_pacote IN (SELECT id_pacote FROM pacotes WHERE aberto LIMIT 30)`,
    limit: 'reabertos',
  },
  'rastreio-esquecidos': {
    given: `
      UPDATE pacotes SET status_atual = 'POSTADO', data_status = now() - interval '5 days', data_inicio = now() - interval '5 days'
      WHERE id_pacote IN (SELECT id_pacote FROM pacotes WHERE aberto LIMIT 40)`,
    limit: 'esquecidos',
  },
  'rastreio-silencio': {
    fires: `UPDATE ingestao SET recebido_ate = now() - interval '11 minutes'`,
    quiet: `UPDATE ingestao SET recebido_ate = now() - interval '9 minutes'`,
  },
  'rastreio-consumidor': {
    given: `UPDATE ingestao SET recebido_ate = minuto - interval '90 seconds'`,
    limit: 'consumidor_atraso',
  },
  'rastreio-rejeitados': {
    given: ACCOUNTS(500),
    limit: 'rejeitados_parte',
  },
  'rastreio-status-desconhecidos': {
    given: `INSERT INTO resumo_historico VALUES (${HOUR_AGO}, 'EXTRAVIADO EM MARTE', 15, 50, 0)`,
    limit: 'desconhecidos_parte',
  },
  'rastreio-completude': {
    // So few parcels have enough events by day alone: the hours that are judged are to be there whenever the test runs.
    given: `
      INSERT INTO resumo_historico
      SELECT hora, 'EXTRAVIADO EM MARTE', 15, 200, 0
      FROM generate_series(inicio_da_hora(now()) - interval '840 hours', inicio_da_hora(now()), interval '1 hour') AS hora`,
    fires: `DELETE FROM resumo_historico WHERE hora > now() - interval '20 hours'`,
    quiet: 'SELECT',
  },
  'rastreio-relogio': {
    fires: `INSERT INTO eventos_rastreamento VALUES (1, now() + interval '400 seconds', 'POSTADO', now())`,
    quiet: `INSERT INTO eventos_rastreamento VALUES (1, now() + interval '200 seconds', 'POSTADO', now())`,
  },
  'rastreio-conta': {
    fires: `UPDATE resumo_ingestao SET inseridos = inseridos + 1 WHERE hora = (SELECT max(hora) FROM resumo_ingestao)`,
    quiet: 'SELECT',
  },
  'rastreio-limites': {
    fires: `ALTER TABLE limites DISABLE TRIGGER guarda; UPDATE limites SET nome = 'reabertos_' WHERE nome = 'reabertos'`,
    quiet: 'SELECT',
  },
  'rastreio-origens': {
    given: `UPDATE limites SET valor = 40 WHERE nome = 'origem_minimo'`,
    limit: 'origem_parte',
  },
  'rastreio-transportadora-calada': { given: CARRIED, limit: 'transportadora_parte' },
};
