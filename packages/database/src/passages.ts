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
 * @param events none of them stored before, and of each package each later than the one before it and than `latest` says
 * @param latest what is stored of these packages; a package without an entry is new
 */
export function followPassages(
  events: readonly ReceivedEvent[],
  latest: ReadonlyMap<number, LatestEvent>,
): Passages {
  const history = new Rows<History>();
  const dwell = new Rows<Dwell>();
  const delay = new Rows<Delay>();
  const followed = new Map<number, { status: string; micros: number }>();
  for (const { id_pacote, status_rastreamento: status, data_atualizacao, recebido_em } of events) {
    const micros = epochMicros(data_atualizacao);
    const hour = Math.floor(micros / HOUR);
    const entered = historyRow(history, hour, status);
    entered.events += 1;
    entered.change += 1;
    const known = followed.get(id_pacote);
    const before = known ?? latest.get(id_pacote);
    if (before !== undefined) {
      historyRow(history, hour, before.status).change -= 1;
      const stayed = micros - before.micros;
      add(dwellRow(dwell, Math.floor(micros / DAY), before.status, bucketOf(stayed)), stayed);
    }
    if (known === undefined) followed.set(id_pacote, { status, micros });
    else {
      known.status = status;
      known.micros = micros;
    }
    const received = recebido_em * MICROS_PER_MS;
    const late = received - micros;
    add(delayRow(delay, Math.floor(received / HOUR), bucketOf(late)), late);
  }
  return { history: history.list, dwell: dwell.list, delay: delay.list };
}

function historyRow(rows: Rows<History>, hour: number, status: string): History {
  return rows.find(hour, status, 0) ?? rows.add({ hour: hour * HOUR, status, events: 0, change: 0 });
}

function dwellRow(rows: Rows<Dwell>, day: number, status: string, bucket: number): Dwell {
  return (
    rows.find(day, status, bucket) ??
    rows.add({ day: day * DAY, status, bucket, count: 0, seconds: 0, micros: 0 })
  );
}

function delayRow(rows: Rows<Delay>, hour: number, bucket: number): Delay {
  return (
    rows.find(hour, '', bucket) ?? rows.add({ hour: hour * HOUR, bucket, count: 0, seconds: 0, micros: 0 })
  );
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

/** Rows by period, text and bucket. Called several times an event, so a key is built neither as text nor as a large number. */
class Rows<Row> {
  readonly list: Row[] = [];
  private readonly byText = new Map<string, Map<number, Row>>();
  private place = new Map<number, Row>();
  private key = 0;
  private firstPeriod: number | undefined;

  /** Also remembers the key, for {@link add}. */
  find(period: number, text: string, bucket: number): Row | undefined {
    let byNumber = this.byText.get(text);
    if (byNumber === undefined) this.byText.set(text, (byNumber = new Map<number, Row>()));
    this.firstPeriod ??= period;
    this.place = byNumber;
    this.key = (period - this.firstPeriod) * MAX_BUCKETS + bucket;
    return byNumber.get(this.key);
  }

  /** Puts a row where {@link find} just looked. */
  add(row: Row): Row {
    this.place.set(this.key, row);
    this.list.push(row);
    return row;
  }
}
