import type { Fault } from './fault';

/**
 * kill -9 with messages under way; the next process sends again what it cannot know to be there. Recovery counts from its first
 * message: until then it makes the world up to where it goes on, which is no doing of the pipeline.
 */
export const producerKilled: Fault = async ({ load, progress, pause }, { holdMs }) => {
  const sent = progress.sent();
  await load.killAndGoOn(() => pause(holdMs));
  while (progress.sent() <= sent) await pause(50);
  return progress.mark();
};
