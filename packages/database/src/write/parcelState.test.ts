// Shows G3 of docs/guarantees.md.
import { compareText, isKnownStatus, statusAfter, statusRank } from '@rastreio/contract';
import fc from 'fast-check';
import { anyBatches, anyEvent } from '@rastreio/testing/events';
import { mergeStates, reduceParcels, stateOfEvent, type ParcelState } from './parcelState';
import type { PlainReceived } from './batch';

const FINAL = ['CANCELADO', 'EXTRAVIADO', 'DEVOLVIDO', 'ENTREGUE'];

/** The plain definition: sort all distinct events of a parcel and look at the ends. */
function plainState(events: readonly PlainReceived[]): ParcelState {
  const byTime = (a: string, b: string) => compareText(a, b);
  const first = [...events].sort(
    (a, b) =>
      byTime(a.data_atualizacao, b.data_atualizacao) ||
      compareText(a.origem, b.origem) ||
      compareText(a.destino, b.destino),
  )[0];
  const sorted = [...events].sort(
    (a, b) =>
      byTime(a.data_atualizacao, b.data_atualizacao) ||
      statusRank(a.status_rastreamento) - statusRank(b.status_rastreamento) ||
      compareText(a.status_rastreamento, b.status_rastreamento),
  );
  const latest = sorted.at(-1);
  const known = sorted.findLast((e) => isKnownStatus(e.status_rastreamento));
  const [last, other] =
    known === undefined || isKnownStatus(latest?.status_rastreamento ?? '')
      ? [latest]
      : FINAL.includes(known.status_rastreamento)
        ? [known, latest]
        : [latest, known];
  const instants = (status: string) =>
    events
      .filter((e) => e.status_rastreamento === status)
      .map((e) => e.data_atualizacao)
      .sort(byTime);
  if (first === undefined || last === undefined) throw new Error('no events');
  return {
    id_pacote: first.id_pacote,
    origem: first.origem,
    destino: first.destino,
    data_inicio: first.data_atualizacao,
    status_atual: last.status_rastreamento,
    data_status: last.data_atualizacao,
    ordem_status: statusRank(last.status_rastreamento),
    data_entrega: instants('ENTREGUE').at(-1) ?? null,
    data_tentativa: instants('TENTATIVA DE ENTREGA')[0] ?? null,
    outra_data: other?.data_atualizacao ?? null,
    outra_ordem: other === undefined ? null : statusRank(other.status_rastreamento),
    outro_status: other?.status_rastreamento ?? null,
    lugares: null,
    prometido: null,
  };
}

const sameParcel = anyEvent.map((event) => ({ ...event, id_pacote: 7 }));

test('reducing equals the plain definition, for any order, repetition and split', () => {
  fc.assert(
    fc.property(anyBatches, ({ events, batches }) => {
      const merged = new Map<number, ParcelState>();
      for (const state of batches.flatMap((batch) => reduceParcels(batch).states)) {
        const known = merged.get(state.id_pacote);
        merged.set(state.id_pacote, known === undefined ? state : mergeStates(known, state));
      }
      const ids = [...new Set(events.map((e) => e.id_pacote))];
      for (const id of ids)
        expect(merged.get(id)).toEqual(plainState(events.filter((e) => e.id_pacote === id)));
      expect(merged.size).toBe(ids.length);
    }),
    { numRuns: 1000 },
  );
});

test('merging is idempotent, commutative and associative', () => {
  const anyState = fc
    .array(sameParcel, { minLength: 1, maxLength: 5 })
    .map((events) => events.map((event) => stateOfEvent(event)).reduce((a, b) => mergeStates(a, b)));
  fc.assert(
    fc.property(anyState, anyState, anyState, (a, b, c) => {
      expect(mergeStates(a, a)).toEqual(a);
      expect(mergeStates(a, b)).toEqual(mergeStates(b, a));
      expect(mergeStates(mergeStates(a, b), c)).toEqual(mergeStates(a, mergeStates(b, c)));
    }),
    { numRuns: 1000 },
  );
});

test('a parcel counts as ordered only if each of its events is later than all before it', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const { unordered } = reduceParcels(events);
      for (const id of new Set(events.map((e) => e.id_pacote))) {
        const times = events.filter((e) => e.id_pacote === id).map((e) => e.data_atualizacao);
        const rising = times.every((t, i) => times.slice(0, i).every((earlier) => earlier < t));
        expect(unordered.has(id)).toBe(!rising);
      }
    }),
    { numRuns: 1000 },
  );
});

test('states are ordered by parcel, so that concurrent batches lock rows in one order', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const ids = reduceParcels(events).states.map((s) => s.id_pacote);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }),
  );
});

test('a state’s current status is what its events lead to one after the other', () => {
  fc.assert(
    fc.property(fc.array(sameParcel, { minLength: 1, maxLength: 8 }), (events) => {
      const inOrder = [...events].sort(
        (a, b) =>
          compareText(a.data_atualizacao, b.data_atualizacao) ||
          statusRank(a.status_rastreamento) - statusRank(b.status_rastreamento) ||
          compareText(a.status_rastreamento, b.status_rastreamento),
      );
      let current: string | undefined;
      for (const { status_rastreamento: status } of inOrder) current = statusAfter(current, status);
      expect(reduceParcels(events).states[0]?.status_atual).toBe(current);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['a note after the delivery', ['ENTREGUE', 'NOTA'], 'ENTREGUE'],
  ['two notes', ['ENTREGUE', 'NOTA', 'OUTRA'], 'ENTREGUE'],
  ['a known status after a note', ['ENTREGUE', 'NOTA', 'EM TRÂNSITO'], 'EM TRÂNSITO'],
  ['a note after that', ['ENTREGUE', 'EM TRÂNSITO', 'NOTA'], 'NOTA'],
  ['final again, and a note', ['ENTREGUE', 'NOTA', 'EM TRÂNSITO', 'DEVOLVIDO', 'NOTA'], 'DEVOLVIDO'],
  ['nothing but notes', ['NOTA', 'OUTRA'], 'OUTRA'],
])('%s: %j is %s, in any order of arrival', (_, statuses, expected) => {
  const events = statuses.map((status, day) => ({
    ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', recebido_em: 0 },
    ...{ status_rastreamento: status, data_atualizacao: `2026-01-0${day + 1}T00:00:00.000000Z` },
  }));
  for (const order of [events, [...events].reverse(), [...events.slice(1), ...events.slice(0, 1)]])
    expect(reduceParcels(order).states[0]?.status_atual).toBe(expected);
});
