// Shows G3 of docs/guarantees.md for places that some events do not say, and for carriers and promises.
import { compareText, type NumberedEvent } from '@rastreio/contract';
import { anyCarrierEvent } from '@rastreio/testing/carrierEvents';
import { splitAt } from '@rastreio/testing/events';
import fc from 'fast-check';
import { UNSAID_PLACE } from './parcelPlaces';
import { mergeStates, reduceParcels, stateOfEvent, type ParcelState } from './parcelState';

const ofOneParcel = anyCarrierEvent.map((event): NumberedEvent => ({ ...event, id_pacote: 7 }));
const eventsOfOneParcel = fc.array(ofOneParcel, { minLength: 1, maxLength: 8 });

type Part = Pick<ParcelState, 'origem' | 'destino' | 'data_inicio' | 'lugares' | 'prometido'>;
const partOf = ({ origem, destino, data_inicio, lugares, prometido }: ParcelState): Part => ({
  ...{ origem, destino, data_inicio, lugares, prometido },
});

/** The plain definition: of the events that say something, the first (or last) one says it. */
function plainPart(events: readonly NumberedEvent[]): Part {
  const first = <Key extends keyof NumberedEvent>(field: Key, ...ties: readonly (keyof NumberedEvent)[]) =>
    ordered(events, ties).find((event) => event[field] !== undefined);
  const from = first('origem', 'origem', 'destino');
  const to = first('destino', 'origem', 'destino');
  const data_inicio = ordered(events, [])[0]?.data_atualizacao ?? '';
  const isWhole =
    from?.data_atualizacao === data_inicio &&
    to?.data_atualizacao === data_inicio &&
    from.origem === to.origem &&
    from.destino === to.destino;
  const carrier = first('transportadora', 'transportadora');
  // A promise may be said at another moment than its event.
  const promises = events
    .filter(({ prazo }) => prazo !== undefined)
    .map((event) => ({ ...event, data_atualizacao: event.prazo_em ?? event.data_atualizacao }));
  const [promise] = ordered(promises, ['prazo']);
  const last = ordered(promises, ['prazo']).at(-1);
  return {
    origem: from?.origem ?? UNSAID_PLACE,
    destino: to?.destino ?? UNSAID_PLACE,
    data_inicio,
    lugares: isWhole
      ? null
      : {
          data_origem: from?.data_atualizacao ?? 'infinity',
          par_origem: from?.destino ?? '',
          data_destino: to?.data_atualizacao ?? 'infinity',
          par_destino: to?.origem ?? '',
        },
    prometido:
      carrier === undefined && promise === undefined
        ? null
        : {
            transportadora: carrier?.transportadora ?? null,
            data_transportadora: carrier?.data_atualizacao ?? null,
            prazo_inicial: promise?.prazo ?? null,
            data_prazo_inicial: promise?.data_atualizacao ?? null,
            prazo_final: last?.prazo ?? null,
            data_prazo_final: last?.data_atualizacao ?? null,
          },
  };
}

function ordered(events: readonly NumberedEvent[], ties: readonly (keyof NumberedEvent)[]): NumberedEvent[] {
  return events.toSorted((a, b) =>
    (['data_atualizacao', ...ties] as const)
      .map((field) => compareText(String(a[field] ?? ''), String(b[field] ?? '')))
      .reduce((order, next) => order || next, 0),
  );
}

test('reducing equals the plain definition, for any order, repetition and split', () => {
  fc.assert(
    fc.property(eventsOfOneParcel, fc.array(fc.nat({ max: 16 }), { maxLength: 4 }), (events, cuts) => {
      const states = splitAt([...events, ...events.toReversed()], cuts).flatMap(
        (batch) => reduceParcels(batch).states,
      );
      expect(partOf(states.reduce((a, b) => mergeStates(a, b)))).toEqual(plainPart(events));
    }),
    { numRuns: 5_000 },
  );
});

test('merging is idempotent, commutative and associative', () => {
  const anyState = eventsOfOneParcel.map((events) =>
    events.map((event) => stateOfEvent(event)).reduce((a, b) => mergeStates(a, b)),
  );
  fc.assert(
    fc.property(anyState, anyState, anyState, (a, b, c) => {
      expect(mergeStates(a, a)).toEqual(a);
      expect(mergeStates(a, b)).toEqual(mergeStates(b, a));
      expect(mergeStates(mergeStates(a, b), c)).toEqual(mergeStates(a, mergeStates(b, c)));
    }),
    { numRuns: 3_000 },
  );
});
