import { compareText, type NumberedEvent } from '@rastreio/contract';
import { compareAscii } from './compare';

/** What stands in `pacotes` for a place that no event has said. */
export const UNSAID_PLACE = '(não informado)';
/** Its instant: later than that of any event. */
const NEVER = 'infinity';

/**
 * Where the places of a parcel come from, when they are not simply those of its earliest event. Each place is that of the earliest event that
 * says it; ties are broken by origin, then destination, as with two whole events.
 */
interface SaidPlaces {
  /** Instant of the event that says the origin. */
  readonly data_origem: string;
  /** The destination that the same event says, empty where it says none. */
  readonly par_origem: string;
  readonly data_destino: string;
  /** The origin that the event which says the destination says, empty where it says none. */
  readonly par_destino: string;
}

export interface Places {
  readonly origem: string;
  readonly destino: string;
  readonly data_inicio: string;
  /** Null: both are those of the event at `data_inicio`. */
  readonly lugares: SaidPlaces | null;
}

/** The places that a single event says. */
export function placesOfEvent({ origem, destino, data_atualizacao }: NumberedEvent): Places {
  const data_inicio = data_atualizacao;
  if (origem !== undefined && destino !== undefined) return { origem, destino, data_inicio, lugares: null };
  return {
    origem: origem ?? UNSAID_PLACE,
    destino: destino ?? UNSAID_PLACE,
    data_inicio,
    lugares: {
      data_origem: origem === undefined ? NEVER : data_inicio,
      par_origem: '',
      data_destino: destino === undefined ? NEVER : data_inicio,
      par_destino: '',
    },
  };
}

/** Joins what two sets of events say about a parcel's places: idempotent, commutative and associative. */
export function mergePlaces(a: Places, b: Places): Places {
  if (a.lugares === null && b.lugares === null) return compareStarts(a, b) <= 0 ? a : b;
  const from = earlier(originOf(a), originOf(b));
  const to = earlier(destinationOf(a), destinationOf(b));
  const data_inicio = a.data_inicio < b.data_inicio ? a.data_inicio : b.data_inicio;
  const isWhole =
    from.instant === data_inicio &&
    to.instant === data_inicio &&
    from.other === to.place &&
    to.other === from.place;
  return {
    origem: from.place,
    destino: to.place,
    data_inicio,
    lugares: isWhole
      ? null
      : {
          ...{ data_origem: from.instant, par_origem: from.other },
          ...{ data_destino: to.instant, par_destino: to.other },
        },
  };
}

/** One place, and which event says it. */
interface Said {
  readonly instant: string;
  readonly place: string;
  /** What the same event says of the other place, empty where nothing. */
  readonly other: string;
  /** In which order ties are broken: origin first. */
  readonly isOrigin: boolean;
}

function originOf({ origem, destino, data_inicio, lugares }: Places): Said {
  return lugares === null
    ? { instant: data_inicio, place: origem, other: destino, isOrigin: true }
    : { instant: lugares.data_origem, place: origem, other: lugares.par_origem, isOrigin: true };
}

function destinationOf({ origem, destino, data_inicio, lugares }: Places): Said {
  return lugares === null
    ? { instant: data_inicio, place: destino, other: origem, isOrigin: false }
    : { instant: lugares.data_destino, place: destino, other: lugares.par_destino, isOrigin: false };
}

function earlier(a: Said, b: Said): Said {
  const [first, second] = a.isOrigin ? (['place', 'other'] as const) : (['other', 'place'] as const);
  const order =
    compareAscii(a.instant, b.instant) ||
    compareText(a[first], b[first]) ||
    compareText(a[second], b[second]);
  return order <= 0 ? a : b;
}

function compareStarts(a: Places, b: Places): number {
  return (
    compareAscii(a.data_inicio, b.data_inicio) ||
    compareText(a.origem, b.origem) ||
    compareText(a.destino, b.destino)
  );
}
