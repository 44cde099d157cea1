import type { ReceivedEvent } from './batch';
import { bucketOf } from './buckets';
import { epochMicros } from './instant';

const MICROS = 1_000_000;
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
  const history = new Grouped<History>();
  const dwell = new Grouped<Dwell>();
  const delay = new Grouped<Delay>();
  const last = new Map<number, LatestEvent>();
  const historyRow = (hour: number, status: string) =>
    history.row(hour / HOUR, status, 0, () => ({ hour, status, events: 0, change: 0 }));
  for (const { id_pacote, status_rastreamento: status, data_atualizacao, recebido_em } of events) {
    const micros = epochMicros(data_atualizacao);
    const hour = micros - modulo(micros, HOUR);
    const entered = historyRow(hour, status);
    entered.events += 1;
    entered.change += 1;
    const before = last.get(id_pacote) ?? latest.get(id_pacote);
    if (before !== undefined) {
      historyRow(hour, before.status).change -= 1;
      const stayed = micros - before.micros;
      const day = micros - modulo(micros, DAY);
      const bucket = bucketOf(stayed);
      add(
        dwell.row(day / DAY, before.status, bucket, () => ({
          ...{ day, status: before.status, bucket, count: 0, seconds: 0, micros: 0 },
        })),
        stayed,
      );
    }
    last.set(id_pacote, { status, micros });
    const received = recebido_em * 1000;
    const receivedHour = received - modulo(received, HOUR);
    const bucket = bucketOf(received - micros);
    add(
      delay.row(receivedHour / HOUR, '', bucket, () => ({
        ...{ hour: receivedHour, bucket, count: 0, seconds: 0, micros: 0 },
      })),
      received - micros,
    );
  }
  return { history: history.rows, dwell: dwell.rows, delay: delay.rows };
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

/** Rows by a key of period, text and bucket. One map by text, so that no key text is built per event. */
class Grouped<Row> {
  readonly rows: Row[] = [];
  private readonly byText = new Map<string, Map<number, Row>>();

  row(period: number, text: string, bucket: number, create: () => Row): Row {
    let byNumber = this.byText.get(text);
    if (byNumber === undefined) this.byText.set(text, (byNumber = new Map<number, Row>()));
    // There are fewer than 1024 buckets.
    const key = period * 1024 + bucket;
    let row = byNumber.get(key);
    if (row === undefined) {
      row = create();
      byNumber.set(key, row);
      this.rows.push(row);
    }
    return row;
  }
}

/** Not negative for instants before 1970 either. */
function modulo(value: number, by: number): number {
  const rest = value % by;
  return rest < 0 ? rest + by : rest;
}
