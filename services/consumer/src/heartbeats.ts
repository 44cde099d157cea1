/**
 * Keeps a Kafka group membership alive while a batch is worked on, however long that takes.
 *
 * @throws what `work` throws; else, after the work is done, what a heartbeat threw (a rebalance), so that kafkajs rejoins
 */
export async function withHeartbeats<T>(
  heartbeat: () => Promise<void>,
  intervalMs: number,
  work: () => Promise<T>,
): Promise<T> {
  let failure: unknown;
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = heartbeat().catch((error: unknown) => void (failure = error));
  }, intervalMs);
  try {
    const result = await work();
    await beating;
    if (failure !== undefined) throw failure as Error;
    return result;
  } finally {
    clearInterval(timer);
  }
}
