import type { Account, Events, History, Lane, Rejected } from '@rastreio/alerts';
import { TOPIC_EVENTS } from '@rastreio/contract';
import {
  DAY_MS,
  MINUTE_MS,
  NO_FAULTS,
  postingIntervalForParcels,
  simulatedCarrier,
  withFaults,
  worldEvents,
  type FaultRates,
  type Incident,
  type Message,
  type SimulatedEvent,
} from '@rastreio/simulator';

/** From being sent to being received. */
const DELAY_MS = 400;
/** What any carrier's messages have now and then. */
export const EVERYDAY: FaultRates = {
  ...NO_FAULTS,
  dup: 0.01,
  late: 0.02,
  malformed: 0.001,
  unknown: 0.0002,
  conflict: 0.0005,
};
/** A consumer that is put up anew, once a day. */
const RESTART = { everyMs: DAY_MS, atMs: 17 * 60 * MINUTE_MS, forMs: 45_000 };

/** Who carries what is posted there; parcels from elsewhere have no carrier. */
const CARRIERS: ReadonlyMap<string, string> = new Map([
  ['São Paulo', 'CARGA PAULISTA'],
  ['Recife', 'EXPRESSO DO RECIFE'],
]);

/** What the world and its feed are like. */
export interface Feed {
  readonly seed: number;
  readonly startMs: number;
  readonly parcelsPerDay: number;
  readonly incidents: readonly Incident[];
  /** Until here everyday faults and right clocks, from here on what follows. */
  readonly changeMs: number;
  readonly faults: FaultRates;
  /** By how much all clocks are ahead. */
  readonly aheadMs: number;
  /** From {@link changeMs} on for so long, the consumer stands still (0) or writes so many messages a minute. */
  readonly consumer?: { readonly forMs: number; readonly perMinute: number } | undefined;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** All messages, in the order in which they are due, that are due after one instant and up to another. */
function messagesOf(feed: Feed, { fromMs, toMs }: Stretch): readonly Message[] {
  const { seed, startMs, parcelsPerDay, incidents, changeMs } = feed;
  const events = Array.from(
    until(
      worldEvents({
        seed,
        startMs,
        postingIntervalMs: postingIntervalForParcels(parcelsPerDay * 28, startMs, startMs + 28 * DAY_MS),
        maxParcels: Infinity,
        incidents,
      }),
      toMs,
    ),
  );
  const change = events.findIndex(({ atMs }) => atMs >= changeMs);
  const parts =
    change < 0
      ? [withFaults(events, EVERYDAY, seed, incidents)]
      : [
          withFaults(events.slice(0, change), EVERYDAY, seed, incidents),
          withFaults(events.slice(change), feed.faults, seed, incidents),
        ];
  const messages = parts.flatMap((part) =>
    Array.from(part).filter(({ dueMs }) => dueMs > fromMs && dueMs <= toMs),
  );
  return messages.sort((a, b) => a.dueMs - b.dueMs);
}

function* until<T extends { readonly atMs: number }>(events: Iterable<T>, toMs: number): Generator<T, void> {
  for (const event of events) {
    if (event.atMs > toMs) return;
    yield event;
  }
}

/** What a database would hold after these messages, as far as a replay needs it: with default limits and the lanes' promises. */
export function historyOf(feed: Feed, stretch: Stretch): History {
  const events = new EventColumns();
  const rejected: Rejected[] = [];
  const accounts = new Map<number, Writable<Account>>();
  const consumer = new Consumer(feed);
  for (const { kind, dueMs, body, rejection } of messagesOf(feed, stretch)) {
    const receivedMs = dueMs + DELAY_MS;
    const writtenMs = consumer.write(receivedMs);
    const account = accountOf(accounts, Math.floor(writtenMs / MINUTE_MS) * MINUTE_MS);
    account.receivedUntilMs = Math.max(account.receivedUntilMs, receivedMs);
    if (rejection !== null) {
      account.rejected++;
      rejected.push(rejectedRow(rejected.length, rejection, receivedMs, writtenMs));
    } else if (kind === 'duplicate') account.duplicate++;
    else {
      account.inserted++;
      events.add(body as SimulatedEvent, receivedMs, dueMs >= feed.changeMs ? feed.aheadMs : 0);
    }
  }
  return {
    nowMs: stretch.toMs,
    timeZone: 'America/Sao_Paulo',
    events: events.columns(),
    accounts: [...accounts.values()].sort((a, b) => a.minuteMs - b.minuteMs),
    rejected: rejected.sort((a, b) => a.rejectedMs - b.rejectedMs),
    settings: { prazos: promisesOf(feed.seed) },
    parcels: {},
    removedBeforeMs: undefined,
  };
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

function accountOf(accounts: Map<number, Writable<Account>>, minuteMs: number): Writable<Account> {
  let account = accounts.get(minuteMs);
  if (account === undefined) {
    account = {
      minuteMs,
      topic: TOPIC_EVENTS,
      partition: 0,
      inserted: 0,
      duplicate: 0,
      rejected: 0,
      receivedUntilMs: -Infinity,
    };
    accounts.set(minuteMs, account);
  }
  return account;
}

/** When messages are written: one after the other, not while the consumer stands still, and no faster than it can. */
class Consumer {
  private freeMs = -Infinity;

  constructor(private readonly feed: Pick<Feed, 'changeMs' | 'consumer'>) {}

  write(receivedMs: number): number {
    const { changeMs, consumer: { forMs, perMinute } = { forMs: 0, perMinute: 0 } } = this.feed;
    let atMs = Math.max(receivedMs, this.freeMs);
    const sinceRestart = (atMs - RESTART.atMs) % RESTART.everyMs;
    if (sinceRestart < RESTART.forMs) atMs += RESTART.forMs - sinceRestart;
    const troubled = atMs >= changeMs && atMs < changeMs + forMs;
    if (troubled && perMinute === 0) atMs = changeMs + forMs;
    this.freeMs = atMs + (troubled && perMinute > 0 ? MINUTE_MS / perMinute : 0);
    return atMs;
  }
}

function rejectedRow(
  place: number,
  { reason, field }: NonNullable<Message['rejection']>,
  receivedMs: number,
  rejectedMs: number,
): Rejected {
  const iso = (ms: number) => new Date(ms).toISOString();
  const row = {
    topico: TOPIC_EVENTS,
    particao: 0,
    deslocamento: receivedMs * 100 + (place % 100),
    vida: 1,
    cabecalhos: {},
    motivo: reason,
    campo: field,
    detalhe: reason,
    recebido_em: iso(receivedMs),
    rejeitado_em: iso(rejectedMs),
  };
  return { row, rejectedMs, receivedMs, settledMs: undefined };
}

function promisesOf(seed: number): string {
  const lanes = simulatedCarrier(seed)
    .promises()
    .map(({ origem, destino, prazo_dias: days }) => ({ origem, destino, prazo: `${days} days` }));
  return JSON.stringify([{ origem: '*', destino: '*', prazo: '10 days' }, ...lanes]);
}

/** Events on their way into {@link Events}. */
class EventColumns {
  private readonly rows = {
    ids: [] as number[],
    happenedMicros: [] as number[],
    receivedMs: [] as number[],
    status: [] as number[],
    lane: [] as number[],
  };
  private readonly statuses = new Map<string, number>();
  private readonly lanes = new Map<string, number>();

  add(event: SimulatedEvent, receivedMs: number, aheadMs: number): void {
    const { ids, happenedMicros, receivedMs: received, status, lane } = this.rows;
    ids.push(event.id_pacote);
    happenedMicros.push((Date.parse(event.data_atualizacao) + aheadMs) * 1000);
    received.push(receivedMs);
    status.push(numberOf(this.statuses, event.status_rastreamento));
    lane.push(
      numberOf(this.lanes, JSON.stringify([event.origem, event.destino, CARRIERS.get(event.origem) ?? null])),
    );
  }

  columns(): Events {
    const { ids, happenedMicros, receivedMs, status, lane } = this.rows;
    return {
      length: ids.length,
      ids: Float64Array.from(ids),
      happenedMicros: Float64Array.from(happenedMicros),
      receivedMs: Float64Array.from(receivedMs),
      status: Uint16Array.from(status),
      lane: Uint32Array.from(lane),
      statuses: [...this.statuses.keys()],
      lanes: [...this.lanes.keys()].map((key) => JSON.parse(key) as Lane),
    };
  }
}

function numberOf(known: Map<string, number>, key: string): number {
  const found = known.get(key) ?? known.size;
  known.set(key, found);
  return found;
}
