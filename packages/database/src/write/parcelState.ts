import {
  compareText,
  SHIPPED_STATUSES,
  STATUS_ATTEMPTED,
  STATUS_DELIVERED,
  UNKNOWN_STATUS_RANK,
  type NumberedEvent,
  type Statuses,
} from '@rastreio/contract';
import { compareAscii } from './compare';
import { mergePlaces, placesOfEvent, type Places } from './parcelPlaces';
import { mergePromised, promisedOfEvent, type Promised } from './parcelPromises';

/**
 * What a set of events says about one parcel: a row of `pacotes`. The current status is that of the latest known event where that is
 * final, else of the latest event (`Statuses.after` of the contract). Where these are two events, the other of the two stands beside it: further
 * events may make it the current one.
 */
export interface ParcelState extends Places {
  readonly id_pacote: number;
  readonly status_atual: string;
  readonly data_status: string;
  readonly ordem_status: number;
  readonly data_entrega: string | null;
  readonly data_tentativa: string | null;
  /** Later than `data_status`: an unknown status that leaves the final one as it is. Earlier: the latest known one before an unknown one. */
  readonly outra_data: string | null;
  readonly outra_ordem: number | null;
  readonly outro_status: string | null;
  /** Null: no event says a carrier or a promise. */
  readonly prometido: Promised | null;
}

const NO_OTHER = { outra_data: null, outra_ordem: null, outro_status: null };

/** The state that a single event amounts to. */
export function stateOfEvent(event: NumberedEvent, statuses: Statuses = SHIPPED_STATUSES): ParcelState {
  const { origem, destino, data_inicio, lugares } = placesOfEvent(event);
  return {
    id_pacote: event.id_pacote,
    ...{ origem, destino, data_inicio, lugares },
    status_atual: event.status_rastreamento,
    data_status: event.data_atualizacao,
    ordem_status: statuses.rank(event.status_rastreamento),
    data_entrega: event.status_rastreamento === STATUS_DELIVERED ? event.data_atualizacao : null,
    data_tentativa: event.status_rastreamento === STATUS_ATTEMPTED ? event.data_atualizacao : null,
    ...NO_OTHER,
    prometido: promisedOfEvent(event),
  };
}

/**
 * Joins what two sets of events say about the same parcel. Idempotent, commutative and associative (a join in a
 * semilattice), so the result does not depend on order, repetition or grouping. The SQL of {@link writeBatch} does the same.
 */
export function mergeStates(
  a: ParcelState,
  b: ParcelState,
  statuses: Statuses = SHIPPED_STATUSES,
): ParcelState {
  const { origem, destino, data_inicio, lugares } = mergePlaces(a, b);
  return {
    id_pacote: a.id_pacote,
    ...{ origem, destino, data_inicio, lugares },
    data_entrega: chosen(a.data_entrega, b.data_entrega, (x, y) => x >= y),
    data_tentativa: chosen(a.data_tentativa, b.data_tentativa, (x, y) => x <= y),
    ...situationOf([...milestonesOf(a), ...milestonesOf(b)], statuses),
    prometido: mergePromised(a.prometido, b.prometido),
  };
}

/** An event as far as it may be the current status. */
interface Milestone {
  readonly instant: string;
  readonly rank: number;
  readonly status: string;
}

function milestonesOf(state: ParcelState): Milestone[] {
  const { data_status, ordem_status, status_atual, outra_data, outra_ordem, outro_status } = state;
  const current = { instant: data_status, rank: ordem_status, status: status_atual };
  if (outra_data === null || outra_ordem === null || outro_status === null) return [current];
  return [current, { instant: outra_data, rank: outra_ordem, status: outro_status }];
}

type Situation = Pick<ParcelState, 'status_atual' | 'data_status' | 'ordem_status' | keyof typeof NO_OTHER>;

/** Which is the current one and which the other. */
function situationOf(milestones: readonly Milestone[], statuses: Statuses): Situation {
  const latest = latestOf(milestones);
  const known = latestOf(milestones.filter(({ rank }) => rank !== UNKNOWN_STATUS_RANK));
  if (latest === undefined) throw new RangeError('a state without any event');
  const isClosed = known !== undefined && statuses.isFinal(known.status);
  const [current, other] =
    known === undefined || known === latest ? [latest] : isClosed ? [known, latest] : [latest, known];
  return {
    ...{ status_atual: current.status, data_status: current.instant, ordem_status: current.rank },
    ...(other === undefined
      ? NO_OTHER
      : { outra_data: other.instant, outra_ordem: other.rank, outro_status: other.status }),
  };
}

function latestOf(milestones: readonly Milestone[]): Milestone | undefined {
  return milestones.reduce<Milestone | undefined>(
    (latest, one) => (latest === undefined || compareMilestones(latest, one) < 0 ? one : latest),
    undefined,
  );
}

/** A batch of events reduced by parcel. */
export interface ReducedBatch {
  /** One per parcel, ordered by `id_pacote`, so that concurrent batches lock rows in the same order. */
  readonly states: ParcelState[];
  /** Parcels of which an event is not later than all those before it in the batch: it may be one of them again. */
  readonly unordered: ReadonlySet<number>;
  /** Parcels of which the batch says more than one pair of places. */
  readonly mixed: ReadonlySet<number>;
  /** For each event the place in the batch of the one before it of the same parcel, -1 for a parcel's first. */
  readonly previous: Int32Array;
}

/**
 * Reduces events, in the order in which they came, to what they say about each parcel.
 *
 * @param statuses those that the database knows; left out, those that are shipped
 */
export function reduceParcels(
  events: readonly NumberedEvent[],
  statuses: Statuses = SHIPPED_STATUSES,
): ReducedBatch {
  const parcels = new Map<number, { state: MutableState; last: number }>();
  const unordered = new Set<number>();
  const mixed = new Set<number>();
  const previous = new Int32Array(events.length).fill(-1);
  events.forEach((event, i) => {
    const known = parcels.get(event.id_pacote);
    if (known === undefined) {
      parcels.set(event.id_pacote, { state: stateOfEvent(event, statuses), last: i });
      return;
    }
    previous[i] = known.last;
    known.last = i;
    if (event.origem !== known.state.origem || event.destino !== known.state.destino)
      mixed.add(event.id_pacote);
    if (event.data_atualizacao > latestInstant(known.state)) advance(known.state, event, statuses);
    else {
      unordered.add(event.id_pacote);
      known.state = mergeStates(known.state, stateOfEvent(event, statuses), statuses);
    }
  });
  const states = Array.from(parcels.values(), ({ state }) => state);
  return { states: states.sort((a, b) => a.id_pacote - b.id_pacote), unordered, mixed, previous };
}

type MutableState = { -readonly [Field in keyof ParcelState]: ParcelState[Field] };

/** The instant of the latest event, whatever its status. */
function latestInstant({ data_status, outra_data }: ParcelState): string {
  return outra_data !== null && outra_data > data_status ? outra_data : data_status;
}

/** {@link mergeStates} with an event that is later than all before it, as nearly every one is, without making an object. */
function advance(state: MutableState, event: NumberedEvent, statuses: Statuses): void {
  const { status_rastreamento: status, data_atualizacao } = event;
  // A place and a carrier that the parcel has from an earlier event stay; of a later one nothing is taken, unless the earlier ones do not say it.
  if (state.lugares !== null) Object.assign(state, mergePlaces(state, placesOfEvent(event)));
  if (event.prazo !== undefined || (state.prometido?.transportadora ?? null) === null)
    state.prometido = mergePromised(state.prometido, promisedOfEvent(event));
  const rank = statuses.rank(status);
  if (statuses.after(state.status_atual, status) !== status) {
    state.outra_data = data_atualizacao;
    state.outra_ordem = rank;
    state.outro_status = status;
    return;
  }
  if (rank !== UNKNOWN_STATUS_RANK) {
    if (state.outra_data !== null) Object.assign(state, NO_OTHER);
  } else if (state.ordem_status !== UNKNOWN_STATUS_RANK) {
    state.outra_data = state.data_status;
    state.outra_ordem = state.ordem_status;
    state.outro_status = state.status_atual;
  }
  state.status_atual = status;
  state.data_status = data_atualizacao;
  state.ordem_status = rank;
  if (status === STATUS_DELIVERED) state.data_entrega = data_atualizacao;
  else if (status === STATUS_ATTEMPTED) state.data_tentativa ??= data_atualizacao;
}

function compareMilestones(a: Milestone, b: Milestone): number {
  return compareAscii(a.instant, b.instant) || a.rank - b.rank || compareText(a.status, b.status);
}

function chosen(
  a: string | null,
  b: string | null,
  prefers: (a: string, b: string) => boolean,
): string | null {
  if (a === null || b === null) return a ?? b;
  return prefers(a, b) ? a : b;
}
