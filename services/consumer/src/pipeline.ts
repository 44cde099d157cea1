import { EventEmitter, once } from 'node:events';

/**
 * Work in hand, partition by partition: reading goes on while a batch is written, but never far ahead of it. What was put is worked
 * on, always and in order: kafkajs reads on behind it, also when a rebalance comes to nothing, and the offset of a later batch
 * covers it.
 */
export interface Pipeline<Item> {
  /**
   * Resolves as soon as the partition takes one more item.
   *
   * @throws the signal's reason (as an AbortError) when it aborts first
   */
  readonly room: (partition: number, signal: AbortSignal) => Promise<void>;
  /** Hands an item over; call it after {@link room}. Items of one partition are worked on in order, one at a time. */
  readonly put: (partition: number, item: Item) => void;
  /** Resolves when nothing is in hand. */
  readonly idle: () => Promise<void>;
  /** Items in hand of a partition, the one being worked on first. */
  readonly inHand: (partition: number) => readonly Item[];
}

/** One is worked on, one waits: what bounds the memory, whatever the backlog. */
const ITEMS_PER_PARTITION = 2;

/**
 * A pipeline that gives each item to `work`. Partitions do not wait for one another.
 *
 * @param work must not throw: nobody would hear it
 */
export function createPipeline<Item>(work: (item: Item) => Promise<void>): Pipeline<Item> {
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
  return {
    async room(partition, signal) {
      signal.throwIfAborted();
      while ((queues.get(partition)?.length ?? 0) >= ITEMS_PER_PARTITION)
        await once(changes, 'change', { signal });
    },
    put(partition, item) {
      const queue = queues.get(partition);
      if (queue !== undefined) return void queue.push(item);
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
