import { SHIPPED_STATUSES, type Statuses } from '@rastreio/contract';
import type { NumberedReceived } from './batch';
import { bucketOf } from './buckets';
import { epochMicros } from './instant';

const MICROS_PER_MS = 1000;
const MICROS = 1_000_000;
const HOUR = 3_600 * MICROS;
const DAY = 24 * HOUR;

/** The latest event of a parcel that is stored already. */
export interface LatestEvent {
  readonly status: string;
  /** Microseconds since 1970. */
  readonly micros: number;
  /** The parcel's current status, which may be that of an event before. */
  readonly current: string;
}

/** A number of durations and their sum: whole seconds and microseconds apart, since together they outgrow a double. */
interface Durations {
  count: number;
  seconds: number;
  micros: number;
}

type History = { hour: number; status: string; events: number; change: number };
type Dwell = { day: number; status: string; bucket: number } & Durations;
type Delay = { hour: number; bucket: number } & Durations;

/** What events add to the tables that depend on each event and the one before it; one entry per row, as columns. */
export interface Passages {
  /** `resumo_historico`: events, and by how many the parcels in a status change. */
  readonly history: readonly Readonly<History>[];
  /** `resumo_permanencia`: how long parcels stayed at an event until the next one. */
  readonly dwell: readonly Readonly<Dwell>[];
  /** `resumo_atraso`: time from the event to its receipt. */
  readonly delay: readonly Readonly<Delay>[];
}

/**
 * Follows each parcel from event to event. Hours and days are microseconds since 1970 at which they begin, in UTC.
 *
 * @param events of each parcel that is followed, none is stored, and each is later than the one before it and than `latest` says
 * @param previous for each event the place of the one before it of the same parcel, -1 for a parcel's first
 * @param latest what is stored of these parcels; a parcel without an entry is new
 * @param follows whether to follow the parcel of an event; left out, all are followed
 * @param statuses those that the database knows; left out, those that are shipped
 */
export function followPassages(
  events: readonly NumberedReceived[],
  previous: Int32Array,
  latest: ReadonlyMap<number, LatestEvent>,
  follows?: (event: NumberedReceived) => boolean,
  statuses: Statuses = SHIPPED_STATUSES,
): Passages {
  const rows = new PassageRows();
  const instants = new Float64Array(events.length);
  const current = new Array<string>(events.length);
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as NumberedReceived;
    if (follows !== undefined && !follows(event)) continue;
    const { id_pacote, status_rastreamento: status, data_atualizacao, recebido_em } = event;
    const micros = epochMicros(data_atualizacao);
    instants[i] = micros;
    const before = previous[i] as number;
    const stored = before >= 0 ? undefined : latest.get(id_pacote);
    const left = before >= 0 ? current[before] : stored?.current;
    const entered = statuses.after(left, status);
    current[i] = entered;
    rows.happen(status, micros, entered === status);
    if (left !== undefined && entered === status) rows.leave(left, micros);
    if (before >= 0)
      rows.stay((events[before] as NumberedReceived).status_rastreamento, instants[before] as number, micros);
    else if (stored !== undefined) rows.stay(stored.status, stored.micros, micros);
    rows.receive(micros, recebido_em * MICROS_PER_MS);
  }
  return rows;
}

/** Rows by period (hour or day). Those of the period last asked for are at hand: events come nearly in the order of time. */
class ByPeriod<Rows> {
  private readonly all = new Map<number, Rows>();
  private period = NaN;
  private rows: Rows | undefined;

  constructor(private readonly create: (period: number) => Rows) {}

  of(period: number): Rows {
    if (this.rows !== undefined && this.period === period) return this.rows;
    let rows = this.all.get(period);
    if (rows === undefined) this.all.set(period, (rows = this.create(period)));
    this.period = period;
    this.rows = rows;
    return rows;
  }
}

interface StatusRows {
  readonly history: ByPeriod<History>;
  /** By day, then by bucket. */
  readonly dwell: ByPeriod<(Dwell | undefined)[]>;
}

class PassageRows implements Passages {
  readonly history: History[] = [];
  readonly dwell: Dwell[] = [];
  readonly delay: Delay[] = [];
  private readonly byStatus = new Map<string, StatusRows>();
  /** By hour, then by bucket. */
  private readonly delays = new ByPeriod<(Delay | undefined)[]>(() => []);

  happen(status: string, micros: number, isCurrent: boolean): void {
    const row = this.of(status).history.of(Math.floor(micros / HOUR));
    row.events += 1;
    if (isCurrent) row.change += 1;
  }

  leave(status: string, micros: number): void {
    this.of(status).history.of(Math.floor(micros / HOUR)).change -= 1;
  }

  stay(status: string, since: number, micros: number): void {
    const rows = this.of(status);
    const stayed = micros - since;
    const bucket = bucketOf(stayed);
    const day = Math.floor(micros / DAY);
    const ofDay = rows.dwell.of(day);
    let row = ofDay[bucket];
    if (row === undefined) {
      ofDay[bucket] = row = { day: day * DAY, status, bucket, count: 0, seconds: 0, micros: 0 };
      this.dwell.push(row);
    }
    add(row, stayed);
  }

  receive(micros: number, received: number): void {
    const bucket = bucketOf(received - micros);
    const hour = Math.floor(received / HOUR);
    const ofHour = this.delays.of(hour);
    let row = ofHour[bucket];
    if (row === undefined) {
      ofHour[bucket] = row = { hour: hour * HOUR, bucket, count: 0, seconds: 0, micros: 0 };
      this.delay.push(row);
    }
    add(row, received - micros);
  }

  private of(status: string): StatusRows {
    const known = this.byStatus.get(status);
    if (known !== undefined) return known;
    const rows: StatusRows = {
      history: new ByPeriod((hour) => {
        const row = { hour: hour * HOUR, status, events: 0, change: 0 };
        this.history.push(row);
        return row;
      }),
      dwell: new ByPeriod<(Dwell | undefined)[]>(() => []),
    };
    this.byStatus.set(status, rows);
    return rows;
  }
}

function add(durations: Durations, micros: number): void {
  const seconds = Math.floor(micros / MICROS);
  durations.count += 1;
  durations.seconds += seconds;
  durations.micros += micros - seconds * MICROS;
}

/** The sum in microseconds, for a bigint parameter. */
export function totalMicros({
  seconds,
  micros,
}: {
  readonly seconds: number;
  readonly micros: number;
}): string {
  return (BigInt(seconds) * BigInt(MICROS) + BigInt(micros)).toString();
}
