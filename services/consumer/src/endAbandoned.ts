import { sqlstate, type Batch, type WrittenBatch } from '@rastreio/database';
import type { Log } from '@rastreio/runtime';

type Write = (batch: Batch) => Promise<WrittenBatch>;

/** PostgreSQL's lock_timeout is over. */
export const LOCK_NOT_AVAILABLE = '55P03';

/**
 * A write that, when it waited for a lock in vain, ends abandoned transactions before it says so: without that, a batch whose
 * connection died without a word could wait for ever for the locks of its own first try.
 */
export function endingAbandoned(write: Write, endAbandoned: () => Promise<number>, log: Log): Write {
  return async (batch) => {
    try {
      return await write(batch);
    } catch (error) {
      if (sqlstate(error) === LOCK_NOT_AVAILABLE) {
        // It failing, too, changes nothing: the next try comes by here again.
        const ended = await endAbandoned().catch(() => 0);
        if (ended > 0)
          log.warn({ ended, partition: batch.partition }, 'ended transactions whose client had gone silent');
      }
      throw error;
    }
  };
}
