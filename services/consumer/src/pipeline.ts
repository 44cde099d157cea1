import { EventEmitter, once } from 'node:events';

/**
 * Work in hand, partition by partition: reading goes on while a batch is written, but never far ahead of it. What was put is worked
 * on, always and in order: kafkajs reads on behind it, also when a rebalance comes to nothing, and the offset of a later batch
 * covers it.
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
  /** Resolves when nothing is in hand. */
  readonly idle: () => Promise<void>;
  /** Items in hand of a partition, the one being worked on first. */
  readonly inHand: (partition: number) => readonly Item[];
}

/** How items become one. */
interface Packing<Item> {
  readonly sizeOf: (item: Item) => number;
  /** The size up to which items become one: one of it is worked on and one waits, which bounds the memory, whatever the backlog. */
  readonly limit: number;
  readonly bytesOf: (item: Item) => number;
  /** Where so many bytes wait, there is no room, however few messages they are. */
  readonly maxBytes: number;
  /** Two items as one, undefined where they have to stay apart. */
  readonly join: (earlier: Item, later: Item) => Item | undefined;
}

/**
 * A pipeline that gives each item to `work`. Partitions do not wait for one another.
 *
 * @param work must not throw: nobody would hear it
 */
export function createPipeline<Item>(
  work: (item: Item) => Promise<void>,
  { sizeOf, limit, bytesOf, maxBytes, join }: Packing<Item>,
): Pipeline<Item> {
  const queues = new Map<number, Item[]>();
  const changes = new EventEmitter().setMaxListeners(0);

  const run = async (partition: number, queue: Item[]) => {
    for (let item = queue[0]; item !== undefined; item = queue[0]) {
      await work(item);
      queue.shift();
      if (queue.length === 0) queues.delete(partition);
      changes.emit('change');
    }
  };
  const roomOf = (partition: number) => {
    const [, ...waiting] = queues.get(partition) ?? [];
    if (waiting.reduce((bytes, item) => bytes + bytesOf(item), 0) >= maxBytes) return 0;
    return waiting.reduce((room, item) => room - sizeOf(item), limit);
  };
  return {
    async room(partition, signal) {
      signal.throwIfAborted();
      while (roomOf(partition) <= 0) await once(changes, 'change', { signal });
      return roomOf(partition);
    },
    put(partition, item) {
      const queue = queues.get(partition);
      if (queue !== undefined) {
        const last = queue.length > 1 ? queue.at(-1) : undefined;
        const joined = last === undefined ? undefined : join(last, item);
        if (joined === undefined) queue.push(item);
        else queue[queue.length - 1] = joined;
        return;
      }
      const first = [item];
      queues.set(partition, first);
      void run(partition, first);
    },
    async idle() {
      while (queues.size > 0) await once(changes, 'change');
    },
    inHand: (partition) => queues.get(partition) ?? [],
  };
}
