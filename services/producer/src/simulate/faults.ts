import { EXIT, OperatorError } from '@rastreio/runtime';
import TinyQueue from 'tinyqueue';
import { randomStream, type Random } from './random';
import type { SimulatedEvent, TimedEvent } from './world';

export interface Message {
  readonly kind: 'event' | 'duplicate' | 'late' | 'malformed';
  /** When it may be sent, epoch milliseconds. */
  readonly dueMs: number;
  readonly key: string;
  readonly value: string;
}

/** What each fault does; the text of `--help`. */
export const FAULTS = {
  dup: 'an event is sent again, up to an hour later',
  late: 'an event is sent up to 12 hours after it happened, past its successors',
  malformed: 'a broken copy of an event is sent beside it: cut JSON, a missing field, a wrong type',
} as const;

export type FaultRates = Readonly<Record<keyof typeof FAULTS, number>>;

export const NO_FAULTS: FaultRates = { dup: 0, late: 0, malformed: 0 };

const HOUR = 3_600_000;

/** Reads `dup=.01,late=.02`. @throws OperatorError (exit code 2) that lists every problem */
export function parseFaults(text: string): FaultRates {
  const problems: string[] = [];
  const rates: Record<string, number> = { ...NO_FAULTS };
  for (const part of text.split(',').filter((p) => p.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((p) => p.trim());
    const rate = Number(value);
    if (!(name in FAULTS)) problems.push(`${name}: no such fault; use ${Object.keys(FAULTS).join(', ')}`);
    else if (value === '' || !(rate >= 0 && rate <= 1))
      problems.push(`${name}=${value}: needs a share from 0 to 1`);
    else rates[name] = rate;
  }
  if (problems.length > 0) throw new OperatorError(`--faults: ${problems.join('; ')}`, EXIT.usage);
  return rates as FaultRates;
}

/**
 * Turns events into messages with faults, in the order in which they are due. Each event draws from a stream of its own, so
 * switching a fault on changes no other message.
 */
export function* withFaults(
  events: Iterable<TimedEvent>,
  rates: FaultRates,
  seed: number,
): Generator<Message> {
  const waiting = new TinyQueue<Message & { order: number }>(
    [],
    (a, b) => a.dueMs - b.dueMs || a.order - b.order,
  );
  let order = 0;
  const add = (message: Message) => waiting.push({ ...message, order: order++ });
  let index = 0;
  for (const { atMs, event } of events) {
    for (let first = waiting.peek(); first !== undefined && first.dueMs < atMs; first = waiting.peek())
      yield take(waiting);
    const random = randomStream(seed, 'faults', index++);
    // Always the same draws, used or not.
    const draws = [random.unit(), random.unit(), random.unit()] as const;
    const message = { key: String(event.id_pacote), value: JSON.stringify(event) };
    if (draws[1] < rates.late)
      add({ ...message, kind: 'late', dueMs: atMs + Math.ceil(random.unit() * 12 * HOUR) });
    else add({ ...message, kind: 'event', dueMs: atMs });
    if (draws[0] < rates.dup)
      add({ ...message, kind: 'duplicate', dueMs: atMs + Math.ceil(random.unit() * HOUR) });
    if (draws[2] < rates.malformed)
      add({ key: message.key, value: breakEvent(event, random), kind: 'malformed', dueMs: atMs });
  }
  while (waiting.length > 0) yield take(waiting);
}

function take(waiting: TinyQueue<Message & { order: number }>): Message {
  const message = waiting.pop();
  if (message === undefined) throw new Error('nothing is waiting');
  const { order: _order, ...rest } = message;
  return rest;
}

function breakEvent(event: SimulatedEvent, random: Random): string {
  const breakages: (() => string)[] = [
    () => JSON.stringify(event).slice(0, -1 - random.below(40)),
    () => JSON.stringify({ ...event, id_pacote: `P-${event.id_pacote}` }),
    () => JSON.stringify({ ...event, destino: undefined }),
    () => JSON.stringify({ ...event, status_rastreamento: ' ' }),
    () => JSON.stringify({ ...event, data_atualizacao: event.data_atualizacao.replace(/T.*/, '') }),
    () => JSON.stringify([event]),
  ];
  return breakages[random.below(breakages.length)]?.() ?? '';
}
