import type { NumberedReceived } from '@rastreio/database';
import type { Account, Events, History, Lane, Rejected } from './history';

/** By when messages were received, as live; or by when events happened, where a history was loaded at once. */
export type By = 'received' | 'happened';

const MINUTE_MS = 60_000;
const LATE_MS = 24 * 3_600_000;
/** After everything. */
export const END_MS = Number.MAX_SAFE_INTEGER;
/** The topic of accounts that nothing is known of. */
const TOPIC = 'historico';

export interface Choice {
  readonly by: By;
  /** The share of the events that happened in the range and were received more than a day later. */
  readonly lateShare: number;
}

/** By what a history is replayed unless told otherwise: more than half of the range's events received over a day late is a load at once. */
export function chooseBy({ happenedMicros, receivedMs, length }: Events, fromMs: number): Choice {
  let [all, late] = [0, 0];
  for (let i = 0; i < length; i++) {
    const happened = (happenedMicros[i] as number) / 1000;
    if (happened < fromMs) continue;
    all++;
    if ((receivedMs[i] as number) - happened > LATE_MS) late++;
  }
  const lateShare = all === 0 ? 0 : late / all;
  return { by: lateShare > 0.5 ? 'happened' : 'received', lateShare };
}

/** What was written between two instants. */
export interface Changes {
  /** Which of {@link Timeline.event}, from the first to before the second. */
  readonly events: readonly [from: number, to: number];
  /** Rows of ingestao as they were at the later instant. */
  readonly accounts: readonly Account[];
  /** Rows of eventos_rejeitados as they were then. */
  readonly rejected: readonly Readonly<Record<string, unknown>>[];
}

/**
 * When each thing was written. Of an event that is known by the minute: the accounting says how many were written in each, and they are
 * written in the order of their receipt; within the minute an event is there from its receipt on. So an hour in which the consumer stood
 * still is an hour without data here, too.
 */
export class Timeline {
  private readonly order: Uint32Array;
  private readonly writtenMs: Float64Array;
  private readonly settled: readonly Rejected[];
  private at = { event: 0, account: 0, rejected: 0, settled: 0 };
  /** What was written so far of the minute under way. */
  private minute = { ms: -Infinity, inserted: 0, rejected: 0, receivedUntilMs: -Infinity };

  constructor(
    private readonly history: History,
    private readonly by: By,
  ) {
    const { events } = history;
    const instants =
      by === 'received'
        ? events.receivedMs
        : events.happenedMicros.map((micros) => Math.floor(micros / 1000));
    this.order = Uint32Array.from({ length: events.length }, (_, i) => i).sort(
      (a, b) => (instants[a] as number) - (instants[b] as number),
    );
    this.writtenMs = Float64Array.from(this.order, (i) => instants[i] as number);
    if (by === 'received') moveIntoMinutes(this.writtenMs, history.accounts);
    this.settled = history.rejected
      .filter(({ settledMs }) => settledMs !== undefined)
      .sort((a, b) => (a.settledMs ?? 0) - (b.settledMs ?? 0));
  }

  /** An event by its place in the order of writing. */
  event(place: number): NumberedReceived {
    const { ids, happenedMicros, status, lane, statuses, lanes } = this.history.events;
    const i = this.order[place] as number;
    const micros = happenedMicros[i] as number;
    const [origem, destino, transportadora] = lanes[lane[i] as number] as Lane;
    const second = Math.floor(micros / 1e6);
    const event = {
      id_pacote: ids[i] as number,
      origem,
      destino,
      status_rastreamento: statuses[status[i] as number] as string,
      data_atualizacao: `${new Date(second * 1000).toISOString().slice(0, 19)}.${String(micros - second * 1e6).padStart(6, '0')}Z`,
      recebido_em: this.receivedMs(place),
    };
    return transportadora === null ? event : { ...event, transportadora };
  }

  /** How many events are written up to an instant, wherever {@link advance} has come to. */
  writtenUntil(ms: number): number {
    let [low, high] = [0, this.writtenMs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.writtenMs[middle] as number) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Everything that was written after the instant before and up to this one, which is later and finite. */
  advance(toMs: number): Changes {
    const accounts: Account[] = [];
    const from = this.at.event;
    const rejected: Rejected[] = [];
    for (;;) {
      const nextEvent = this.writtenMs[this.at.event] ?? Infinity;
      const nextRejected = this.history.rejected[this.at.rejected]?.rejectedMs ?? Infinity;
      const nextMs = Math.min(nextEvent, nextRejected);
      if (nextMs > toMs) break;
      this.openMinute(nextMs, accounts);
      if (nextEvent <= nextRejected) {
        this.minute.inserted++;
        this.sawReceipt(this.receivedMs(this.at.event++));
      } else {
        const row = this.history.rejected[this.at.rejected++] as Rejected;
        rejected.push(row);
        this.minute.rejected++;
        this.sawReceipt(row.receivedMs);
      }
    }
    this.openMinute(toMs, accounts);
    accounts.push(...this.ofThisMinute());
    for (; (this.settled[this.at.settled]?.settledMs ?? Infinity) <= toMs; this.at.settled++)
      rejected.push(this.settled[this.at.settled] as Rejected);
    return {
      events: [from, this.at.event],
      accounts,
      rejected: [...new Set(rejected)].map((row) => asOf(row, toMs)),
    };
  }

  private receivedMs(place: number): number {
    return this.by === 'received'
      ? (this.history.events.receivedMs[this.order[place] as number] as number)
      : (this.writtenMs[place] as number);
  }

  private sawReceipt(receivedMs: number): void {
    this.minute.receivedUntilMs = Math.max(this.minute.receivedUntilMs, receivedMs);
  }

  /** Goes on to the minute of an instant; the minutes before it are complete, and their accounts as the database has them. */
  private openMinute(atMs: number, accounts: Account[]): void {
    const ms = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    if (ms <= this.minute.ms) return;
    if (this.by === 'happened') accounts.push(...this.ofThisMinute());
    else
      for (;;) {
        const account = this.history.accounts[this.at.account];
        if (account === undefined || account.minuteMs >= ms) break;
        accounts.push(account);
        this.at.account++;
      }
    this.minute = { ms, inserted: 0, rejected: 0, receivedUntilMs: -Infinity };
  }

  /** The accounts of the minute under way: what is written so far, under the topic and partition that the database has first. */
  private ofThisMinute(): readonly Account[] {
    const { ms, inserted, rejected, receivedUntilMs } = this.minute;
    if (inserted + rejected === 0) return [];
    const known = this.history.accounts[this.at.account];
    const place = this.by === 'received' && known?.minuteMs === ms ? known : { topic: TOPIC, partition: 0 };
    if (this.by === 'received' && place !== known) return [];
    const { topic, partition } = place;
    return [{ minuteMs: ms, topic, partition, inserted, duplicate: 0, rejected, receivedUntilMs }];
  }
}

/** Moves instants in ascending order into the minutes in which so many events were inserted; where the sums differ, nothing is known. */
function moveIntoMinutes(instants: Float64Array, accounts: readonly Account[]): void {
  const total = accounts.reduce((sum, { inserted }) => sum + inserted, 0);
  if (total !== instants.length) return;
  let place = 0;
  for (const { minuteMs, inserted } of accounts)
    for (const end = place + inserted; place < end; place++)
      instants[place] = Math.min(Math.max(instants[place] as number, minuteMs), minuteMs + MINUTE_MS - 1);
}

function asOf({ row, settledMs }: Rejected, nowMs: number): Readonly<Record<string, unknown>> {
  if (settledMs === undefined || settledMs <= nowMs) return row;
  return { ...row, reprocessado_em: null, aceito_em: null, nota: null };
}
