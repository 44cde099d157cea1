import { EventEmitter, once } from 'node:events';

/**
 * Work in hand, partition by partition: reading goes on while a batch is written, but never far ahead of it. What was put is worked
 * on in order, and always but where it is given up by {@link Pipeline.keepOnly}: what is read behind it counts on it, since the offset of a later
 * batch covers it.
 */
export interface Pipeline<Item> {
  /**
   * Resolves as soon as the partition takes more, with how much: of what {@link Packing.sizeOf} counts.
   *
   * @throws the signal's reason (as an AbortError) when it aborts first
   */
  readonly room: (partition: number, signal: AbortSignal) => Promise<number>;
  /**
   * Hands an item over; call it after {@link room}. Items of one partition are worked on in order, one at a time. Where one waits already,
   * they become one: so items grow with the backlog.
   */
  readonly put: (partition: number, item: Item) => void;
  /** Gives up what waits of all other partitions. What is worked on is finished. */
  readonly keepOnly: (partitions: ReadonlySet<number>) => void;
  /** Resolves when nothing is in hand. */
  readonly idle: () => Promise<void>;
  /** Items in hand of a partition, the one being worked on first. */
  readonly inHand: (partition: number) => readonly Item[];
}

/** How items become one, and when they are worked on. */
interface Packing<Item> {
  /** Resolves when a partition may begin with an item: until then it grows. What it resolves to lets the next one begin. */
  readonly turn: () => Promise<() => void>;
  readonly sizeOf: (item: Item) => number;
  /** The size up to which items become one: one of it is worked on and one waits, which bounds the memory, whatever the backlog. */
  readonly limit: number;
  readonly bytesOf: (item: Item) => number;
  /** Where so many bytes of a partition wait, there is no room, however few messages they are. */
  readonly maxBytes: number;
  /** Where so many bytes of all partitions wait, none has room. */
  readonly maxBytesInAll: number;
  /** Two items as one, undefined where they have to stay apart. */
  readonly join: (earlier: Item, later: Item) => Item | undefined;
}

interface Queue<Item> {
  working: Item | undefined;
  readonly waiting: Item[];
}

/**
 * A pipeline that gives each item to `work`. A partition waits for another only for its turn.
 *
 * @param work must not throw: nobody would hear it. `done` ends its turn before it has ended itself.
 */
export function createPipeline<Item>(
  work: (item: Item, done: () => void) => Promise<void>,
  { turn, sizeOf, limit, bytesOf, maxBytes, maxBytesInAll, join }: Packing<Item>,
): Pipeline<Item> {
  const queues = new Map<number, Queue<Item>>();
  const changes = new EventEmitter().setMaxListeners(0);

  const run = async (partition: number, queue: Queue<Item>) => {
    while (queue.waiting.length > 0) {
      const done = await turn();
      const item = queue.waiting.shift();
      if (item === undefined) {
        // Given up meanwhile.
        done();
        break;
      }
      queue.working = item;
      changes.emit('change');
      await work(item, done);
      done();
      queue.working = undefined;
    }
    queues.delete(partition);
    changes.emit('change');
  };
  const bytesIn = ({ waiting }: Queue<Item>) => waiting.reduce((bytes, item) => bytes + bytesOf(item), 0);
  const roomOf = (partition: number) => {
    const queue = queues.get(partition);
    if (queue !== undefined && bytesIn(queue) >= maxBytes) return 0;
    if ([...queues.values()].reduce((bytes, each) => bytes + bytesIn(each), 0) >= maxBytesInAll) return 0;
    return (queue?.waiting ?? []).reduce((room, item) => room - sizeOf(item), limit);
  };
  return {
    async room(partition, signal) {
      signal.throwIfAborted();
      while (roomOf(partition) <= 0) await once(changes, 'change', { signal });
      return roomOf(partition);
    },
    put(partition, item) {
      const queue = queues.get(partition);
      if (queue === undefined) {
        const begun = { working: undefined, waiting: [item] };
        queues.set(partition, begun);
        void run(partition, begun);
        return;
      }
      const { waiting } = queue;
      const last = waiting.at(-1);
      const joined = last === undefined ? undefined : join(last, item);
      if (joined === undefined) waiting.push(item);
      else waiting[waiting.length - 1] = joined;
    },
    keepOnly(partitions) {
      for (const [partition, { waiting }] of queues) if (!partitions.has(partition)) waiting.splice(0);
      changes.emit('change');
    },
    async idle() {
      while (queues.size > 0) await once(changes, 'change');
    },
    inHand(partition) {
      const { working, waiting = [] } = queues.get(partition) ?? {};
      return working === undefined ? waiting : [working, ...waiting];
    },
  };
}
