import { CITIES, DAY_MS, HOUR_MS, MINUTE_MS } from '@rastreio/simulator';
import type { Happening } from './happening';

/** What must fire a rule, and what is just not enough for it. */
export interface Proof {
  readonly fires: Happening;
  readonly nearly: Happening;
}

/** With three quarters of all parcels. */
const BIG = CITIES.toSorted((a, b) => b.weight - a.weight)
  .slice(0, 9)
  .map(({ name }) => name);
const frozen = (hub: string, days: number) => [{ kind: 'frozen_hub' as const, hub, forMs: days * DAY_MS }];
const strike = (days: number) => [{ kind: 'strike' as const, forMs: days * DAY_MS }];
const silent = (minutes: number) => [{ kind: 'silence' as const, forMs: minutes * MINUTE_MS }];

const silentHubs = (hours: number, hubs: readonly string[]) =>
  hubs.map((hub) => ({ kind: 'silence' as const, hub, forMs: hours * HOUR_MS }));

/** By rule on the database; a rule without a proof fails a test. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  'rastreio-tempo-de-entrega': {
    fires: { words: 'no courier delivers for five days', incidents: strike(5), watchMs: 7 * DAY_MS },
    nearly: { words: 'for one day', incidents: strike(1), watchMs: 3 * DAY_MS },
  },
  'rastreio-tempo-medio-rota': {
    fires: {
      words: 'nothing is scanned in São Paulo for seven days',
      incidents: frozen('São Paulo', 7),
      watchMs: 9 * DAY_MS,
    },
    nearly: { words: 'for two days', incidents: frozen('São Paulo', 2), watchMs: 4 * DAY_MS },
  },
  'rastreio-tempo-p95-rota': {
    fires: {
      words: 'nothing is scanned in São Paulo for seven days',
      incidents: frozen('São Paulo', 7),
      watchMs: 9 * DAY_MS,
    },
    nearly: { words: 'for two days', incidents: frozen('São Paulo', 2), watchMs: 4 * DAY_MS },
  },
  'rastreio-tempo-medio-normal': {
    fires: {
      words: 'nothing is scanned in São Paulo for four days',
      incidents: frozen('São Paulo', 4),
      watchMs: 6 * DAY_MS,
    },
    nearly: { words: 'for one day', incidents: frozen('São Paulo', 1), watchMs: 3 * DAY_MS },
  },
  'rastreio-tempo-p95-normal': {
    fires: {
      words: 'nothing is scanned in São Paulo for seven days',
      incidents: frozen('São Paulo', 7),
      watchMs: 9 * DAY_MS,
    },
    nearly: { words: 'for two days', incidents: frozen('São Paulo', 2), watchMs: 4 * DAY_MS },
  },
  'rastreio-no-prazo-postagem': {
    fires: { words: 'no courier delivers for four days', incidents: strike(4), watchMs: 5 * DAY_MS },
    nearly: {
      words: 'nothing is scanned in Recife for two days',
      incidents: frozen('Recife', 2),
      watchMs: 5 * DAY_MS,
    },
  },
  'rastreio-transportadora-no-prazo': {
    fires: {
      words: 'nothing is scanned in São Paulo, where a carrier has all its parcels from, for seven days',
      incidents: frozen('São Paulo', 7),
      watchMs: 9 * DAY_MS,
    },
    nearly: { words: 'for two days', incidents: frozen('São Paulo', 2), watchMs: 6 * DAY_MS },
  },
  'rastreio-em-risco': {
    fires: { words: 'no courier delivers for six days', incidents: strike(6), watchMs: 7 * DAY_MS },
    nearly: { words: 'for one day', incidents: strike(1), watchMs: 3 * DAY_MS },
  },
  'rastreio-parados-status': {
    fires: {
      words: 'nothing is scanned in São Paulo for four days',
      incidents: frozen('São Paulo', 4),
      watchMs: 5 * DAY_MS,
    },
    nearly: { words: 'for one day', incidents: frozen('São Paulo', 1), watchMs: 3 * DAY_MS },
  },
  'rastreio-parados-rota': {
    fires: {
      words: 'nothing is scanned in Recife for four days',
      incidents: frozen('Recife', 4),
      watchMs: 5 * DAY_MS,
    },
    nearly: { words: 'for one day', incidents: frozen('Recife', 1), watchMs: 3 * DAY_MS },
  },
  'rastreio-extravios': {
    fires: {
      words: 'half of what is scanned in São Paulo within six hours is lost',
      incidents: [{ kind: 'lost_burst', hub: 'São Paulo', share: 0.5, forMs: 6 * HOUR_MS }],
      watchMs: 12 * HOUR_MS,
    },
    nearly: {
      words: 'a twentieth',
      incidents: [{ kind: 'lost_burst', hub: 'São Paulo', share: 0.05, forMs: 6 * HOUR_MS }],
      watchMs: 12 * HOUR_MS,
    },
  },
  'rastreio-reabertos': {
    fires: {
      words: 'half of the failed attempts of a day are reported as delivered',
      incidents: [{ kind: 'false_deliveries', share: 0.5, forMs: DAY_MS }],
      watchMs: 3 * DAY_MS,
    },
    nearly: {
      words: 'a tenth of them',
      incidents: [{ kind: 'false_deliveries', share: 0.1, forMs: DAY_MS }],
      watchMs: 3 * DAY_MS,
    },
  },
  'rastreio-esquecidos': {
    fires: {
      words: 'nothing is scanned in São Paulo for four days',
      incidents: frozen('São Paulo', 4),
      watchMs: 4 * DAY_MS,
    },
    nearly: { words: 'for two days', incidents: frozen('São Paulo', 2), watchMs: 4 * DAY_MS },
  },
  'rastreio-silencio': {
    fires: { words: 'the carrier reports nothing for half an hour', incidents: silent(30), watchMs: HOUR_MS },
    nearly: { words: 'for nine minutes', incidents: silent(9), watchMs: HOUR_MS },
  },
  'rastreio-consumidor': {
    fires: {
      words: 'the consumer is slow for two hours: it writes five messages a minute',
      consumer: { forMs: 2 * HOUR_MS, perMinute: 5 },
      watchMs: 2 * HOUR_MS,
    },
    nearly: {
      words: 'it stands still for four minutes, then goes on',
      consumer: { forMs: 4 * MINUTE_MS, perMinute: 0 },
      watchMs: HOUR_MS,
    },
  },
  'rastreio-rejeitados': {
    fires: { words: 'three of ten messages are broken', faults: { malformed: 0.3 }, watchMs: 2 * HOUR_MS },
    nearly: { words: 'three of a hundred', faults: { malformed: 0.03 }, watchMs: 2 * HOUR_MS },
  },
  'rastreio-status-desconhecidos': {
    fires: {
      words: 'a twentieth of the events has a status that the catalogue does not have',
      faults: { unknown: 0.05 },
      watchMs: DAY_MS,
    },
    nearly: { words: 'seven of a thousand', faults: { unknown: 0.007 }, watchMs: DAY_MS },
  },
  'rastreio-completude': {
    fires: {
      words: 'the nine biggest origins, with three quarters of the parcels, report nothing for twelve hours',
      incidents: silentHubs(12, BIG),
      watchMs: 14 * HOUR_MS,
    },
    nearly: { words: 'the two biggest', incidents: silentHubs(12, BIG.slice(0, 2)), watchMs: 14 * HOUR_MS },
  },
  'rastreio-relogio': {
    fires: { words: 'events are dated six minutes ahead', aheadMs: 6 * MINUTE_MS, watchMs: HOUR_MS },
    nearly: { words: 'four minutes', aheadMs: 4 * MINUTE_MS, watchMs: HOUR_MS },
  },
  'rastreio-conta': {
    fires: {
      words: 'an event is missing in the history',
      statements: [
        'UPDATE resumo_historico SET eventos = eventos - 1 WHERE (hora, status, fatia) = (SELECT hora, status, fatia FROM resumo_historico ORDER BY hora DESC LIMIT 1)',
      ],
      watchMs: HOUR_MS,
    },
    nearly: {
      words: 'every message comes twice and a tenth is broken',
      incidents: [{ kind: 'duplicated_feed' }],
      faults: { malformed: 0.1 },
      watchMs: HOUR_MS,
    },
  },
  'rastreio-banco': {
    fires: {
      words: 'the database refuses Grafana’s queries',
      statements: ['REVOKE SELECT ON dados_completos FROM grafana_reader'],
      watchMs: HOUR_MS,
    },
    nearly: { words: 'it answers, and nothing new comes', incidents: silent(30), watchMs: HOUR_MS },
  },
  'rastreio-limites': {
    fires: {
      words: 'a row of the table of limits is gone',
      statements: ["ALTER TABLE limites DISABLE TRIGGER guarda; DELETE FROM limites WHERE nome = 'em_risco'"],
      watchMs: HOUR_MS,
    },
    nearly: {
      words: 'a limit is changed',
      statements: ["UPDATE limites SET valor = 0.9 WHERE nome = 'em_risco'"],
      watchMs: HOUR_MS,
    },
  },
  'rastreio-origens': {
    fires: {
      words: 'the carrier reports nothing of parcels from Recife for six hours',
      incidents: [{ kind: 'silence', hub: 'Recife', forMs: 6 * HOUR_MS }],
      watchMs: 8 * HOUR_MS,
    },
    nearly: {
      words: 'for two hours',
      incidents: [{ kind: 'silence', hub: 'Recife', forMs: 2 * HOUR_MS }],
      watchMs: 8 * HOUR_MS,
    },
  },
  'rastreio-transportadora-calada': {
    fires: {
      words: 'a carrier, all of whose parcels are from Recife, reports nothing for six hours',
      incidents: silentHubs(6, ['Recife']),
      watchMs: 8 * HOUR_MS,
    },
    nearly: { words: 'for two hours', incidents: silentHubs(2, ['Recife']), watchMs: 8 * HOUR_MS },
  },
};
