/**
 * Keeps a Kafka group membership alive while something is waited for.
 *
 * @param work is told by its signal when a heartbeat failed: the group is about to change, and waiting is of no use any more
 * @throws what the heartbeat threw, so that kafkajs joins the group again; else what `work` throws
 */
export async function withHeartbeats<T>(
  heartbeat: () => Promise<void>,
  intervalMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => lost.abort(error));
  }, intervalMs);
  try {
    return await work(lost.signal);
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}
