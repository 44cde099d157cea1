import {
  compareText,
  STATUS_ATTEMPTED,
  STATUS_DELIVERED,
  statusRank,
  type TrackingEvent,
} from '@rastreio/contract';

/** What a set of events says about one parcel: a row of `pacotes`. */
export interface ParcelState {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly data_inicio: string;
  readonly status_atual: string;
  readonly data_status: string;
  readonly ordem_status: number;
  readonly data_entrega: string | null;
  readonly data_tentativa: string | null;
}

/** The state that a single event amounts to. */
export function stateOfEvent(event: TrackingEvent): ParcelState {
  return {
    id_pacote: event.id_pacote,
    origem: event.origem,
    destino: event.destino,
    data_inicio: event.data_atualizacao,
    status_atual: event.status_rastreamento,
    data_status: event.data_atualizacao,
    ordem_status: statusRank(event.status_rastreamento),
    data_entrega: event.status_rastreamento === STATUS_DELIVERED ? event.data_atualizacao : null,
    data_tentativa: event.status_rastreamento === STATUS_ATTEMPTED ? event.data_atualizacao : null,
  };
}

/**
 * Joins what two sets of events say about the same parcel. Idempotent, commutative and associative (a join in a
 * semilattice), so the result does not depend on order, repetition or grouping. The SQL of {@link writeBatch} does the same.
 */
export function mergeStates(a: ParcelState, b: ParcelState): ParcelState {
  const start = compareStarts(a, b) <= 0 ? a : b;
  const latest = compareStatuses(a, b) >= 0 ? a : b;
  return {
    id_pacote: a.id_pacote,
    origem: start.origem,
    destino: start.destino,
    data_inicio: start.data_inicio,
    status_atual: latest.status_atual,
    data_status: latest.data_status,
    ordem_status: latest.ordem_status,
    data_entrega: chosen(a.data_entrega, b.data_entrega, (x, y) => x >= y),
    data_tentativa: chosen(a.data_tentativa, b.data_tentativa, (x, y) => x <= y),
  };
}

/** A batch of events reduced by parcel. */
export interface ReducedBatch {
  /** One per parcel, ordered by `id_pacote`, so that concurrent batches lock rows in the same order. */
  readonly states: ParcelState[];
  /** Parcels of which an event is not later than all those before it in the batch: it may be one of them again. */
  readonly unordered: ReadonlySet<number>;
  /** For each event the place in the batch of the one before it of the same parcel, -1 for a parcel's first. */
  readonly previous: Int32Array;
}

/** Reduces events, in the order in which they came, to what they say about each parcel. */
export function reduceParcels(events: readonly TrackingEvent[]): ReducedBatch {
  const parcels = new Map<number, { state: MutableState; last: number }>();
  const unordered = new Set<number>();
  const previous = new Int32Array(events.length).fill(-1);
  events.forEach((event, i) => {
    const known = parcels.get(event.id_pacote);
    if (known === undefined) {
      parcels.set(event.id_pacote, { state: stateOfEvent(event), last: i });
      return;
    }
    previous[i] = known.last;
    known.last = i;
    if (event.data_atualizacao > known.state.data_status) advance(known.state, event);
    else {
      unordered.add(event.id_pacote);
      known.state = mergeStates(known.state, stateOfEvent(event));
    }
  });
  const states = Array.from(parcels.values(), ({ state }) => state);
  return { states: states.sort((a, b) => a.id_pacote - b.id_pacote), unordered, previous };
}

type MutableState = { -readonly [Field in keyof ParcelState]: ParcelState[Field] };

/** {@link mergeStates} with an event that is later than all before it, as nearly every one is, without making an object. */
function advance(state: MutableState, event: TrackingEvent): void {
  state.status_atual = event.status_rastreamento;
  state.data_status = event.data_atualizacao;
  state.ordem_status = statusRank(event.status_rastreamento);
  if (event.status_rastreamento === STATUS_DELIVERED) state.data_entrega = event.data_atualizacao;
  else if (event.status_rastreamento === STATUS_ATTEMPTED) state.data_tentativa ??= event.data_atualizacao;
}

function compareStarts(a: ParcelState, b: ParcelState): number {
  return (
    compareAscii(a.data_inicio, b.data_inicio) ||
    compareText(a.origem, b.origem) ||
    compareText(a.destino, b.destino)
  );
}

function compareStatuses(a: ParcelState, b: ParcelState): number {
  return (
    compareAscii(a.data_status, b.data_status) ||
    a.ordem_status - b.ordem_status ||
    compareText(a.status_atual, b.status_atual)
  );
}

function chosen(
  a: string | null,
  b: string | null,
  prefers: (a: string, b: string) => boolean,
): string | null {
  if (a === null || b === null) return a ?? b;
  return prefers(a, b) ? a : b;
}

/** Timestamps are canonical ASCII, for which JavaScript's own order is that of code points. */
function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
