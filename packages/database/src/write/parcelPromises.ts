import { compareText, type NumberedEvent } from '@rastreio/contract';
import { compareAscii } from './compare';

/** What events say of a parcel's carrier and of when it is promised, with the instants at which it was said; null where none does. */
export interface Promised {
  /** Of the earliest event that says it. */
  readonly transportadora: string | null;
  readonly data_transportadora: string | null;
  /** The one that was said first: with its event, or when the event says. */
  readonly prazo_inicial: string | null;
  readonly data_prazo_inicial: string | null;
  /** The one that was said last. */
  readonly prazo_final: string | null;
  readonly data_prazo_final: string | null;
}

/** What a single event says, null where nothing. Its promise is an instant: a day has become its end. */
export function promisedOfEvent(event: NumberedEvent): Promised | null {
  const { transportadora, prazo, data_atualizacao } = event;
  if (transportadora === undefined && prazo === undefined) return null;
  const saidAt = prazo === undefined ? null : (event.prazo_em ?? data_atualizacao);
  const promised = { prazo: prazo ?? null, data: saidAt };
  return {
    transportadora: transportadora ?? null,
    data_transportadora: transportadora === undefined ? null : data_atualizacao,
    prazo_inicial: promised.prazo,
    data_prazo_inicial: promised.data,
    prazo_final: promised.prazo,
    data_prazo_final: promised.data,
  };
}

/** Joins what two sets of events say: idempotent, commutative and associative. Ties at one instant: the first text, the sooner first promise, the later last one. */
export function mergePromised(a: Promised | null, b: Promised | null): Promised | null {
  if (a === null || b === null) return a ?? b;
  const carrier = pick(a.data_transportadora, a.transportadora, b.data_transportadora, b.transportadora, 1);
  const first = pick(a.data_prazo_inicial, a.prazo_inicial, b.data_prazo_inicial, b.prazo_inicial, 1);
  const last = pick(a.data_prazo_final, a.prazo_final, b.data_prazo_final, b.prazo_final, -1);
  return {
    ...{ transportadora: carrier.value, data_transportadora: carrier.at },
    ...{ prazo_inicial: first.value, data_prazo_inicial: first.at },
    ...{ prazo_final: last.value, data_prazo_final: last.at },
  };
}

interface Picked {
  readonly at: string | null;
  readonly value: string | null;
}

/** @param direction 1: the earlier one, -1: the later one */
function pick(
  aAt: string | null,
  aValue: string | null,
  bAt: string | null,
  bValue: string | null,
  direction: 1 | -1,
): Picked {
  const [a, b] = [
    { at: aAt, value: aValue },
    { at: bAt, value: bValue },
  ];
  if (aAt === null || aValue === null) return b;
  if (bAt === null || bValue === null) return a;
  return direction * (compareAscii(aAt, bAt) || compareText(aValue, bValue)) <= 0 ? a : b;
}
