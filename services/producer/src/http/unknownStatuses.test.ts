import type { TrackingEvent } from '@rastreio/contract';
import fc from 'fast-check';
import { countUnknownStatuses, MAX_STATUSES_TOLD, tellStatuses } from './unknownStatuses';

const event = (status_rastreamento: string, correcao?: TrackingEvent['correcao']): TrackingEvent => ({
  ...{ id_pacote: 1, origem: 'Natal', destino: 'Acre', data_atualizacao: '2026-01-01T00:00:00.000000Z' },
  status_rastreamento,
  ...(correcao === undefined ? {} : { correcao }),
});
const told = (...events: TrackingEvent[]) => {
  const unknown = countUnknownStatuses();
  for (const one of events) unknown.add([one]);
  return unknown.told();
};

test('of known statuses nothing is told, and of what takes back another event neither', () => {
  expect(told(event('ENTREGUE'), event('EM TRÂNSITO'), event('QUALQUER', 'anterior'))).toEqual({});
  expect(told(event('FOTO'), event('ENTREGUE'), event('FOTO', 'mesmo'))).toEqual({
    unknown_statuses: { FOTO: 2 },
  });
});

test('every event with an unknown status is counted, by its word or as one of the omitted ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300 }), (words) => {
      const { unknown_statuses = {}, unknown_statuses_omitted = 0 } = told(
        ...words.map((word) => event(`PALAVRA ${word}`)),
      );
      const distinct = [...new Set(words)].map((word) => `PALAVRA ${word}`);
      expect(Object.keys(unknown_statuses)).toEqual(distinct.slice(0, MAX_STATUSES_TOLD));
      const counted = Object.values(unknown_statuses).reduce((sum, n) => sum + n, 0);
      expect(counted + unknown_statuses_omitted).toBe(words.length);
      // Where a source has counted them, the same is told.
      const counts = new Map(distinct.map((word) => [word, 0]));
      for (const word of words) counts.set(`PALAVRA ${word}`, (counts.get(`PALAVRA ${word}`) ?? 0) + 1);
      expect(tellStatuses(counts)).toEqual(told(...words.map((word) => event(`PALAVRA ${word}`))));
      for (const [word, n] of Object.entries(unknown_statuses))
        expect(n).toBe(words.filter((other) => `PALAVRA ${other}` === word).length);
    }),
  );
});
