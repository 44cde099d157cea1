import { cleanStatus, foldText, STATUS_CATALOGUE } from '@rastreio/contract';
import fc from 'fast-check';
import type { ReceivedEvent } from '../write/batch';
import { wordsOf, type Alias, type WordKind } from './words';

const alias = (transportadora: string, tipo: WordKind, palavra: string, status: string): Alias => ({
  ...{ transportadora, tipo, palavra, status },
});

test('a code comes first, then the catalogue, then the carrier’s text, then the text of any carrier', () => {
  const { meaningOf } = wordsOf(STATUS_CATALOGUE, [
    alias('JADLOG', 'codigo', '01', 'ENTREGUE'),
    alias('JADLOG', 'texto', 'NA RUA', 'EM ROTA DE ENTREGA'),
    alias('', 'texto', 'NA RUA', 'EM TRÂNSITO'),
    alias('', 'texto', 'EM TRANSITO', 'EM TRÂNSITO'),
    // Whoever sends a status of the catalogue gets it, however an alias got here.
    alias('', 'texto', 'POSTADO', 'EXTRAVIADO'),
  ]);
  expect(meaningOf({ transportadora: 'JADLOG', codigo_evento: '01', word: 'NA RUA' })).toBe('ENTREGUE');
  expect(meaningOf({ transportadora: 'JADLOG', codigo_evento: '01', word: 'POSTADO' })).toBe('ENTREGUE');
  expect(meaningOf({ transportadora: 'JADLOG', codigo_evento: '02', word: 'NA RUA' })).toBe(
    'EM ROTA DE ENTREGA',
  );
  expect(meaningOf({ transportadora: 'OUTRA', codigo_evento: '01', word: 'NA RUA' })).toBe('EM TRÂNSITO');
  expect(meaningOf({ word: 'NA RUA' })).toBe('EM TRÂNSITO');
  expect(meaningOf({ word: 'EM TRANSITO' })).toBe('EM TRÂNSITO');
  expect(meaningOf({ word: 'POSTADO' })).toBe('POSTADO');
  expect(meaningOf({ word: 'EM TRANS' })).toBe('EM TRANS');
});

test('whatever the case, accents and spaces of a word, it is the same', () => {
  const anyWord = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => foldText(text) !== '');
  fc.assert(
    fc.property(anyWord, (text) => {
      const { meaningOf } = wordsOf(STATUS_CATALOGUE, [alias('', 'texto', foldText(text), 'DEVOLVIDO')]);
      const known = STATUS_CATALOGUE.some(({ status }) => status === cleanStatus(text));
      const expected = known ? cleanStatus(text) : 'DEVOLVIDO';
      expect(meaningOf({ word: cleanStatus(text) })).toBe(expected);
      // Decomposed, and with spaces around it.
      expect(meaningOf({ word: cleanStatus(` ${text.normalize('NFD')}\u00a0`) })).toBe(expected);
      const isStatus = STATUS_CATALOGUE.some(({ status }) => status === foldText(text));
      expect(meaningOf({ word: foldText(text) })).toBe(isStatus ? foldText(text) : 'DEVOLVIDO');
    }),
    { numRuns: 2_000 },
  );
});

test('only events that a word changes are others, and these keep the word', () => {
  const events: ReceivedEvent[] = [
    event('POSTADO'),
    event('CHEGOU'),
    { ...event('CHEGOU'), correcao: 'anterior' },
    { ...event('CHEGOU'), correcao: 'mesmo' },
  ];
  const none = wordsOf(STATUS_CATALOGUE, []);
  expect(none.translate(events)).toBe(events);
  const words = wordsOf(STATUS_CATALOGUE, [alias('', 'texto', 'CHEGOU', 'ENTREGUE')]);
  const translated = words.translate(events);
  expect(translated).toEqual([
    events[0],
    { ...event('ENTREGUE'), palavra: 'CHEGOU' },
    events[2],
    { ...event('ENTREGUE'), palavra: 'CHEGOU', correcao: 'mesmo' },
  ]);
  expect(translated[0]).toBe(events[0]);
  expect(words.translate(events.slice(0, 1))).toEqual(events.slice(0, 1));
});

function event(status_rastreamento: string): ReceivedEvent {
  return {
    ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', status_rastreamento, recebido_em: 0 },
    data_atualizacao: '2026-01-01T00:00:00.000000Z',
  };
}
