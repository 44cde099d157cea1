import type { Fault } from './fault';

/** kill -9 with messages under way; the next process sends again what it cannot know to be there. */
export const producerKilled: Fault = async ({ load, progress, pause }, { holdMs }) => {
  const mark = await progress.mark();
  const sent = progress.sent();
  await load.killAndGoOn(() => pause(holdMs));
  // Until it sends, the consumers may still be busy with what the old one had sent.
  while (progress.sent() <= sent) await pause(50);
  return { at: mark.at, consumed: (await progress.mark()).consumed };
};
