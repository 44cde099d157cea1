import type { ReceivedEvent } from './batch';
import { bucketOf } from './buckets';
import { epochMicros } from './instant';

const MICROS_PER_MS = 1000;
const MICROS = 1_000_000;
/** More than there are buckets. */
const MAX_BUCKETS = 1024;
const HOUR = 3_600 * MICROS;
const DAY = 24 * HOUR;

/** The latest event of a package that is stored already. */
export interface LatestEvent {
  readonly status: string;
  /** Microseconds since 1970. */
  readonly micros: number;
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
  /** `resumo_historico`: events, and by how many the packages in a status change. */
  readonly history: readonly Readonly<History>[];
  /** `resumo_permanencia`: how long packages stayed at an event until the next one. */
  readonly dwell: readonly Readonly<Dwell>[];
  /** `resumo_atraso`: time from the event to its receipt. */
  readonly delay: readonly Readonly<Delay>[];
}

/**
 * Follows each package from event to event. Hours and days are microseconds since 1970 at which they begin, in UTC.
 *
 * @param events of each package that is followed, none is stored, and each is later than the one before it and than `latest` says
 * @param previous for each event the place of the one before it of the same package, -1 for a package's first
 * @param latest what is stored of these packages; a package without an entry is new
 * @param follows whether to follow a package
 */
export function followPassages(
  events: readonly ReceivedEvent[],
  previous: Int32Array,
  latest: ReadonlyMap<number, LatestEvent>,
  follows: (id: number) => boolean = () => true,
): Passages {
  const rows = new PassageRows();
  const instants = new Float64Array(events.length);
  for (let i = 0; i < events.length; i++) {
    const { id_pacote, status_rastreamento, data_atualizacao, recebido_em } = events[i] as ReceivedEvent;
    if (!follows(id_pacote)) continue;
    const micros = epochMicros(data_atualizacao);
    instants[i] = micros;
    rows.enter(status_rastreamento, micros);
    const before = previous[i] as number;
    if (before >= 0) {
      const { status_rastreamento: left } = events[before] as ReceivedEvent;
      rows.leave(left, instants[before] as number, micros);
    } else {
      const stored = latest.get(id_pacote);
      if (stored !== undefined) rows.leave(stored.status, stored.micros, micros);
    }
    rows.receive(micros, recebido_em * MICROS_PER_MS);
  }
  return rows;
}

/** The rows of one status. The row of the hour last asked for is kept at hand: events come nearly in the order of time. */
interface StatusRows {
  readonly byHour: Map<number, History>;
  readonly byDayAndBucket: Map<number, Dwell>;
  hour: number;
  row: History | undefined;
}

class PassageRows implements Passages {
  readonly history: History[] = [];
  readonly dwell: Dwell[] = [];
  readonly delay: Delay[] = [];
  private readonly byStatus = new Map<string, StatusRows>();
  private readonly delayByHourAndBucket = new Map<number, Delay>();

  enter(status: string, micros: number): void {
    const row = this.historyRow(this.statusRows(status), status, micros);
    row.events += 1;
    row.change += 1;
  }

  leave(status: string, since: number, micros: number): void {
    const rows = this.statusRows(status);
    this.historyRow(rows, status, micros).change -= 1;
    const stayed = micros - since;
    const day = Math.floor(micros / DAY);
    const bucket = bucketOf(stayed);
    let row = rows.byDayAndBucket.get(day * MAX_BUCKETS + bucket);
    if (row === undefined) {
      row = { day: day * DAY, status, bucket, count: 0, seconds: 0, micros: 0 };
      rows.byDayAndBucket.set(day * MAX_BUCKETS + bucket, row);
      this.dwell.push(row);
    }
    add(row, stayed);
  }

  receive(micros: number, received: number): void {
    const hour = Math.floor(received / HOUR);
    const bucket = bucketOf(received - micros);
    let row = this.delayByHourAndBucket.get(hour * MAX_BUCKETS + bucket);
    if (row === undefined) {
      row = { hour: hour * HOUR, bucket, count: 0, seconds: 0, micros: 0 };
      this.delayByHourAndBucket.set(hour * MAX_BUCKETS + bucket, row);
      this.delay.push(row);
    }
    add(row, received - micros);
  }

  private statusRows(status: string): StatusRows {
    let rows = this.byStatus.get(status);
    if (rows === undefined) {
      rows = { byHour: new Map(), byDayAndBucket: new Map(), hour: NaN, row: undefined };
      this.byStatus.set(status, rows);
    }
    return rows;
  }

  private historyRow(rows: StatusRows, status: string, micros: number): History {
    const hour = Math.floor(micros / HOUR);
    if (rows.row !== undefined && rows.hour === hour) return rows.row;
    let row = rows.byHour.get(hour);
    if (row === undefined) {
      row = { hour: hour * HOUR, status, events: 0, change: 0 };
      rows.byHour.set(hour, row);
      this.history.push(row);
    }
    rows.hour = hour;
    rows.row = row;
    return row;
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
