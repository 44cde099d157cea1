import TinyQueue from 'tinyqueue';
import { STATUS_CATALOGUE } from '@rastreio/contract';
import { breakEvent, inTheFuture, withoutOffset } from './breakages';
import { withWrongClocks } from './clocks';
import type { Incident } from './incidents';
import type { Message, MessageKind } from './message';
import { Random } from './random';
import { HOUR_MS, MINUTE_MS } from './units';
import { formatSecond, type SimulatedEvent, type TimedEvent } from './world';

/** What each fault does; the text of `--help`. */
export const FAULTS = {
  dup: 'an event is sent again, up to an hour later',
  late: 'an event is sent up to 12 hours after it happened, past its successors',
  malformed: 'a broken copy of an event is sent beside it: cut JSON, a missing field, a wrong type; rejected',
  unknown: 'a further event with a status outside the catalogue; accepted and counted as unknown',
  naive: 'a copy whose timestamp lacks the offset; rejected unless the consumer has NAIVE_TIMEZONE',
  future: 'a copy dated in the year 2999; rejected',
  conflict:
    'a second event at the same instant with another status, at times another destination; accepted, a tie',
  clock:
    'for this share of the time, six hours at once, an origin’s clock is up to 45 minutes ahead or behind: its events are dated so; accepted',
  mistake:
    'a further event that never happened, sent up to an hour late and taken back by a message up to an hour after it; not in CSV',
} as const;

export type Fault = keyof typeof FAULTS;
/** All but the clock hit one event at a time. */
type EventFault = Exclude<Fault, 'clock'>;
const EVENT_FAULTS = (Object.keys(FAULTS) as Fault[]).filter((fault) => fault !== 'clock');
/** Share of the events that each fault hits, of the time for `clock`, from 0 to 1. */
export type FaultRates = Readonly<Record<Fault, number>>;

export const NO_FAULTS: FaultRates = {
  dup: 0,
  late: 0,
  malformed: 0,
  unknown: 0,
  naive: 0,
  future: 0,
  conflict: 0,
  clock: 0,
  mistake: 0,
};

const UNKNOWN_STATUSES = [
  'ROTA ALTERADA',
  'EM INSPEÇÃO',
  'RETIDO NA FISCALIZAÇÃO',
  'OBJETO AVARIADO',
] as const;
const CATALOGUE = STATUS_CATALOGUE.map(({ status }) => status);
const MAX_DUPLICATE_DELAY_MS = HOUR_MS;
const MAX_LATE_MS = 12 * HOUR_MS;
const MAX_MISTAKE_DELAY_MS = HOUR_MS;
/** A life's steps are a minute apart, so an event put in between meets none of them. */
const MAX_BETWEEN_MS = MINUTE_MS - 1000;

/**
 * Turns events into messages with faults and the feed's incidents, in the order in which they are due. What hits an event is
 * drawn from a stream of its own, so switching a fault on changes no other message.
 */
export function* withFaults(
  events: Iterable<TimedEvent>,
  rates: FaultRates,
  seed: number,
  incidents: readonly Incident[] = [],
): Generator<Message> {
  const feed = feedIncidents(incidents);
  const waiting = new TinyQueue<Waiting>(
    [],
    (a, b) => a.message.dueMs - b.message.dueMs || a.order - b.order,
  );
  const active = EVENT_FAULTS.some((fault) => rates[fault] > 0);
  let order = 0;
  for (const timed of withWrongClocks(events, rates.clock, seed)) {
    for (
      let first = waiting.peek();
      first !== undefined && first.message.dueMs < timed.atMs;
      first = waiting.peek()
    ) {
      waiting.pop();
      yield first.message;
    }
    const messages = active ? hit(timed, rates, seed) : [plain(timed, 'event', timed.atMs)];
    for (const message of messages)
      for (const sent of feed(message)) waiting.push({ message: sent, order: order++ });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) yield next.message;
}

interface Waiting {
  readonly message: Message;
  readonly order: number;
}

function hit(timed: TimedEvent, rates: FaultRates, seed: number): Message[] {
  const { atMs, parcelIndex, step } = timed;
  // Always the same draws, used or not.
  const random = new Random(seed, 'faults', parcelIndex, step);
  const faults = EVENT_FAULTS.filter((fault) => random.unit() < rates[fault]);
  return faults.length === 0 ? [plain(timed, 'event', atMs)] : strike(timed, faults, seed);
}

/** The event with its faults; each fault draws from a stream of its own. */
function strike(timed: TimedEvent, faults: readonly EventFault[], seed: number): Message[] {
  const { atMs, event, parcelIndex, step } = timed;
  const own = (fault: EventFault) => new Random(seed, fault, parcelIndex, step);
  const late = faults.includes('late');
  const dueMs = late ? atMs + Math.ceil(own('late').unit() * MAX_LATE_MS) : atMs;
  const messages = [plain(timed, late ? 'late' : 'event', dueMs)];
  const add = (kind: MessageKind, due: number, change: Partial<Message> = {}) =>
    messages.push({ ...plain(timed, kind, due), ...change });
  for (const fault of faults) {
    switch (fault) {
      case 'late':
        break;
      case 'unknown': {
        const { at, body } = unknownStatus(timed, own(fault));
        add(fault, at, { body });
        break;
      }
      case 'conflict':
        add(fault, dueMs, { body: contradict(event, own(fault)) });
        break;
      case 'malformed':
        add(fault, dueMs, breakEvent(event, own(fault)));
        break;
      case 'naive':
        add(fault, dueMs, withoutOffset(event));
        break;
      case 'future':
        add(fault, dueMs, inTheFuture(event));
        break;
      case 'mistake':
        for (const [kind, due, body] of mistake(timed, own(fault))) add(kind, due, { body });
        break;
      case 'dup':
        add('duplicate', dueMs + Math.ceil(own(fault).unit() * MAX_DUPLICATE_DELAY_MS), { repeats: 'event' });
        break;
    }
  }
  return messages;
}

function unknownStatus({ atMs, event }: TimedEvent, random: Random): { at: number; body: SimulatedEvent } {
  const at = atMs + 1000 + random.below(MAX_BETWEEN_MS / 1000) * 1000;
  const status_rastreamento = random.pick(UNKNOWN_STATUSES);
  return { at, body: { ...event, status_rastreamento, data_atualizacao: formatSecond(at) } };
}

/** An event that never happened, and what takes it back: in this order, so that a run that is cut off holds none that takes back another. */
function mistake(
  { atMs, event }: TimedEvent,
  random: Random,
): readonly (readonly [kind: MessageKind, dueMs: number, body: SimulatedEvent])[] {
  const at = atMs + 1000 + random.below(MAX_BETWEEN_MS / 1000) * 1000;
  const status_rastreamento = random.pick(CATALOGUE.filter((s) => s !== event.status_rastreamento));
  const wrong = { ...event, status_rastreamento, data_atualizacao: formatSecond(at) };
  const due = at + Math.ceil(random.unit() * MAX_MISTAKE_DELAY_MS);
  return [
    ['mistake', due, wrong],
    ['correction', due + Math.ceil(random.unit() * MAX_MISTAKE_DELAY_MS), { ...wrong, correcao: 'mesmo' }],
  ];
}

function plain(timed: TimedEvent, kind: MessageKind, dueMs: number): Message {
  const { event } = timed;
  return { kind, dueMs, key: String(event.id_pacote), body: event, rejection: null, timed };
}

function contradict(event: SimulatedEvent, random: Random): SimulatedEvent {
  const status = random.pick(CATALOGUE.filter((s) => s !== event.status_rastreamento));
  const destino = random.unit() < 0.5 ? event.destino : `${event.destino} (CD)`;
  return { ...event, status_rastreamento: status, destino };
}

/** What becomes of a message on its way: held back while the carrier is silent, doubled while its feed repeats itself. */
function feedIncidents(incidents: readonly Incident[]): (message: Message) => Message[] {
  const silences = incidents.filter(({ kind }) => kind === 'silence');
  const doublings = incidents.filter(({ kind }) => kind === 'duplicated_feed');
  const during = ({ fromMs, toMs }: Incident, ms: number) => ms >= fromMs && ms < toMs;
  if (silences.length + doublings.length === 0) return (message) => [message];
  return (message) => {
    let { dueMs } = message;
    for (const silence of silences)
      if (during(silence, dueMs) && (silence.hub === null || silence.hub === originOf(message)))
        dueMs = silence.toMs;
    const sent = { ...message, dueMs };
    if (!doublings.some((doubling) => during(doubling, dueMs)) || message.rejection !== null) return [sent];
    return [sent, { ...sent, kind: 'duplicate', repeats: sent.kind, dueMs: dueMs + MINUTE_MS }];
  };
}

function originOf({ body }: Message): unknown {
  return typeof body === 'object' ? body.origem : undefined;
}
