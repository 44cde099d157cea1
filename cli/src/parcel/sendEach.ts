import { parcelKey, type TrackingEvent } from '@rastreio/contract';

const EVENTS_PER_SEND = 2_000;
const EXAMPLES = 10;
const TELL_EVERY_MS = 5_000;

export interface Sent {
  readonly parcels: number;
  /** The first parcels, as they are named elsewhere: number, or CARRIER/CODE. */
  readonly examples: readonly string[];
  /** Parcels that no event can name. */
  readonly unnamed: number;
  /** The numbers of the first of them. */
  readonly unnamed_examples: readonly number[];
}

interface Hooks<Row> {
  /** Gets the first rows, and how their parcels are named. */
  readonly onExample: (row: Row, name: string) => void;
  /** Every five seconds. */
  readonly onProgress: (parcels: number) => void;
}

/**
 * Sends an event for each row, in constant memory: some thousands at a time.
 *
 * @param eventOf null where no event can name the row's parcel
 * @throws what `send` throws; what was sent before stays so, and sending it again changes nothing
 */
export async function sendEach<Row extends { readonly id: number }>(
  rows: AsyncIterable<Row>,
  eventOf: (row: Row) => TrackingEvent | null,
  send: (events: readonly TrackingEvent[]) => Promise<void>,
  { onExample, onProgress }: Hooks<Row>,
): Promise<Sent> {
  const [examples, unnamedExamples]: [string[], number[]] = [[], []];
  let [parcels, unnamed, toldAt] = [0, 0, Date.now()];
  let waiting: TrackingEvent[] = [];
  for await (const row of rows) {
    const event = eventOf(row);
    if (event === null) {
      if (++unnamed <= EXAMPLES) unnamedExamples.push(row.id);
      continue;
    }
    if (++parcels <= EXAMPLES) {
      const name = parcelKey(event);
      examples.push(name);
      onExample(row, name);
    }
    waiting.push(event);
    if (waiting.length < EVENTS_PER_SEND) continue;
    await send(waiting);
    waiting = [];
    if (Date.now() - toldAt < TELL_EVERY_MS) continue;
    toldAt = Date.now();
    onProgress(parcels);
  }
  if (waiting.length > 0) await send(waiting);
  return { parcels, examples, unnamed, unnamed_examples: unnamedExamples };
}
