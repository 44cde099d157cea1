import { hash } from 'node:crypto';
import { compareText, isFinalStatus, isKnownStatus, STATUS_DELIVERED, statusRank } from '@rastreio/contract';
import { MESSAGE_KINDS, mistakeKey, type ExpectedRejection, type Message, type MessageKind } from './message';
import { codeOf, compareNames, finalName, isBound, keyOf, namesOf, type ParcelName } from './parcelName';
import { tellPlainly, UNSAID_PLACE, type ToldEvent, type ToldPromise } from './told';

/**
 * What the database must say about a parcel once every message is in. Timestamps as in the contract: UTC, six decimals. A parcel has its
 * number, is named by carrier and tracking number, or has both.
 */
export interface ParcelTruth {
  readonly id_pacote?: number;
  readonly transportadora?: string;
  readonly codigo?: string;
  readonly origem: string;
  readonly destino: string;
  readonly status_atual: string;
  readonly data_inicio: string;
  readonly data_status: string;
  readonly data_entrega: string | null;
  /** The first and the latest promise, each a day or an instant; left out where nobody promised anything. */
  readonly prazo_inicial?: string;
  readonly prazo_final?: string;
  /** Distinct events. */
  readonly eventos: number;
  /** Sum of {@link rowChecksum} over them. */
  readonly soma: number;
}

/** A message that must be among the rejected ones. */
export interface RejectedTruth {
  readonly motivo: ExpectedRejection['reason'];
  readonly campo: string | null;
  readonly valor: string;
}

/** Figures over all parcels. Times in seconds, from a parcel's earliest event to its latest ENTREGUE. */
export interface KpiTruth {
  readonly total_pacotes: number;
  readonly status: Readonly<Record<string, number>>;
  readonly entregues: number;
  /** Null while nothing is delivered; so are the percentiles (linear interpolation, as percentile_cont). */
  readonly tempo_medio_segundos: number | null;
  readonly p50_segundos: number | null;
  readonly p90_segundos: number | null;
  readonly p95_segundos: number | null;
  readonly rotas: readonly LaneTruth[];
}

interface LaneTruth {
  readonly origem: string;
  readonly destino: string;
  readonly pacotes: number;
  readonly entregues: number;
  readonly tempo_medio_segundos: number | null;
}

/** An event as far as it may be a parcel's current status. */
interface Step {
  readonly at: string;
  readonly status: string;
}

/** What an event says of a parcel's places, and when. */
interface SaidPlaces {
  readonly at: string;
  readonly origem: string | null;
  readonly destino: string | null;
}

interface State {
  /** The latest that is known of its names. */
  parcel: ParcelName;
  /** The events that say the places, null where none does. */
  from: SaidPlaces | null;
  to: SaidPlaces | null;
  inicio: string;
  /** The latest event, and the latest one of the catalogue. */
  latest: Step;
  known: Step | undefined;
  entrega: string | null;
  firstPromise: ToldPromise | null;
  lastPromise: ToldPromise | null;
  eventos: number;
  /** By the parcel's key, and for one with both names by carrier and tracking number, which holds while nothing has bound it. */
  soma: number;
  somaByCode: number;
}

/**
 * Folds the messages that were sent into what must come out. It shares no code with the write path: the plain definition,
 * event by event. It holds one small record per parcel.
 */
export class GroundTruth {
  readonly tally: Record<MessageKind, number> = Object.fromEntries(
    MESSAGE_KINDS.map((kind) => [kind, 0]),
  ) as Record<MessageKind, number>;
  private readonly states = new Map<number | string, State>();
  /** Mistakes that nothing has taken back so far. */
  private readonly mistakes = new Map<string, ToldEvent>();
  private readonly rejections: RejectedTruth[] = [];

  /**
   * Counts a message that was sent.
   *
   * @param text the message as it was sent, kept for a rejected one
   * @param rejection what must be said to that text
   * @param tell what must be stored of it, where it was sent in other words
   */
  add(message: Message, text: string, rejection: ExpectedRejection | null, tell = tellPlainly): void {
    const { kind } = message;
    this.tally[kind]++;
    if (rejection !== null)
      this.rejections.push({ motivo: rejection.reason, campo: rejection.field, valor: text });
    else if (kind === 'mistake') this.mistakes.set(mistakeKey(message), tell(message));
    else if (kind === 'correction') this.mistakes.delete(mistakeKey(message));
    else if (kind !== 'duplicate') this.fold(tell(message));
    else if (message.repeats !== 'mistake' && message.repeats !== 'correction')
      this.foldRepeated(tell(message));
  }

  /** Says that nothing more was sent: what was not taken back by now counts. */
  settle(): void {
    for (const event of this.mistakes.values()) this.fold(event);
    this.mistakes.clear();
  }

  /** Parcels by rising number, then those without one by carrier and tracking number. */
  *parcels(): Generator<ParcelTruth> {
    const named = [...this.states.values()].map((s) => ({ s, name: finalName(s.parcel) }));
    for (const { s, name } of named.sort((a, b) => compareNames(a.name, b.name))) {
      yield {
        ...namesOf(s.parcel),
        origem: s.from?.origem ?? UNSAID_PLACE,
        destino: s.to?.destino ?? UNSAID_PLACE,
        status_atual: current(s).status,
        data_inicio: s.inicio,
        data_status: current(s).at,
        data_entrega: s.entrega,
        ...(s.firstPromise === null ? {} : { prazo_inicial: s.firstPromise.until }),
        ...(s.lastPromise === null ? {} : { prazo_final: s.lastPromise.until }),
        eventos: s.eventos,
        soma: typeof name === 'number' ? s.soma : s.somaByCode,
      };
    }
  }

  rejected(): readonly RejectedTruth[] {
    return this.rejections;
  }

  kpis(): KpiTruth {
    const status: Record<string, number> = {};
    const lanes = new Map<string, { origem: string; destino: string; pacotes: number; times: number[] }>();
    const times: number[] = [];
    for (const s of this.states.values()) {
      const { status: text } = current(s);
      status[text] = (status[text] ?? 0) + 1;
      const [origem, destino] = [s.from?.origem ?? UNSAID_PLACE, s.to?.destino ?? UNSAID_PLACE];
      const key = `${origem}\0${destino}`;
      const lane = lanes.get(key) ?? { origem, destino, pacotes: 0, times: [] };
      lanes.set(key, lane);
      lane.pacotes++;
      if (s.entrega === null) continue;
      const seconds = (Date.parse(s.entrega) - Date.parse(s.inicio)) / 1000;
      times.push(seconds);
      lane.times.push(seconds);
    }
    times.sort((a, b) => a - b);
    return {
      total_pacotes: this.states.size,
      status,
      entregues: times.length,
      tempo_medio_segundos: mean(times),
      p50_segundos: percentile(times, 0.5),
      p90_segundos: percentile(times, 0.9),
      p95_segundos: percentile(times, 0.95),
      rotas: [...lanes.values()]
        .map(({ origem, destino, pacotes, times: own }) => ({
          origem,
          destino,
          pacotes,
          entregues: own.length,
          tempo_medio_segundos: mean(own),
        }))
        .sort((a, b) => compareText(a.origem, b.origem) || compareText(a.destino, b.destino)),
    };
  }

  /** A second report may say other places and another promise than the first one did. */
  private foldRepeated(event: ToldEvent): void {
    const s = this.states.get(keyOf(event.parcel));
    if (s === undefined) return;
    foldPlaces(s, event);
    foldPromise(s, event.promise);
  }

  private fold(event: ToldEvent): void {
    const { parcel, status, at, promise } = event;
    const key = keyOf(event.parcel);
    const step = { at, status };
    const known = isKnownStatus(status) ? step : undefined;
    const soma = rowChecksum(key, at, status);
    const somaByCode = typeof parcel === 'number' ? soma : rowChecksum(codeOf(parcel), at, status);
    const s = this.states.get(key);
    if (s === undefined) {
      const entrega = status === STATUS_DELIVERED ? at : null;
      const fresh: State = {
        ...{
          parcel,
          from: null,
          to: null,
          inicio: at,
          latest: step,
          known,
          entrega,
          eventos: 1,
          soma,
          somaByCode,
        },
        ...{ firstPromise: promise, lastPromise: promise },
      };
      foldPlaces(fresh, event);
      this.states.set(key, fresh);
      return;
    }
    s.eventos++;
    s.soma += soma;
    s.somaByCode += somaByCode;
    if (isBound(parcel)) s.parcel = parcel;
    if (at < s.inicio) s.inicio = at;
    foldPlaces(s, event);
    if (isLater(step, s.latest)) s.latest = step;
    if (known !== undefined && (s.known === undefined || isLater(known, s.known))) s.known = known;
    if (status === STATUS_DELIVERED && (s.entrega === null || at > s.entrega)) s.entrega = at;
    foldPromise(s, promise);
  }
}

function foldPromise(s: State, promise: ToldPromise | null): void {
  if (promise === null) return;
  if (s.firstPromise === null || comparePromises(promise, s.firstPromise) < 0) s.firstPromise = promise;
  if (s.lastPromise === null || comparePromises(promise, s.lastPromise) > 0) s.lastPromise = promise;
}

function foldPlaces(s: State, { at, origem, destino }: ToldEvent): void {
  const said = (place: string) => (place === UNSAID_PLACE ? null : place);
  const places: SaidPlaces = { at, origem: said(origem), destino: said(destino) };
  if (places.origem !== null && (s.from === null || comparePlaces(places, s.from) < 0)) s.from = places;
  if (places.destino !== null && (s.to === null || comparePlaces(places, s.to) < 0)) s.to = places;
}

/** The earliest event says a place; of two at one instant the one with the first origin, then destination; a place that is not said is the first. */
function comparePlaces(a: SaidPlaces, b: SaidPlaces): number {
  return (
    compareText(a.at, b.at) ||
    compareText(a.origem ?? '', b.origem ?? '') ||
    compareText(a.destino ?? '', b.destino ?? '')
  );
}

function comparePromises(a: ToldPromise, b: ToldPromise): number {
  return compareText(a.at, b.at) || compareText(a.until, b.until);
}

/** The latest known one where that is final, else the latest event. */
function current({ latest, known }: State): Step {
  return known !== undefined && isFinalStatus(known.status) ? known : latest;
}

function isLater(a: Step, b: Step): boolean {
  if (a.at !== b.at) return a.at > b.at;
  return (statusRank(a.status) - statusRank(b.status) || compareText(a.status, b.status)) > 0;
}

/**
 * Checksum of a row of `eventos_rastreamento`: the first 48 bits of the MD5 of `parcel|instant|status`, the parcel by its number or as
 * `carrier/tracking number`. Sums of up to 31 of them stay exact in a double.
 */
function rowChecksum(id: number | string, at: string, status: string): number {
  return parseInt(hash('md5', `${id}|${at}|${status}`).slice(0, 12), 16);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percentile(sorted: readonly number[], p: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? 0;
  return low + (high - low) * (position - Math.floor(position));
}
