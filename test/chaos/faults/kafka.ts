import type { Fault } from './fault';

export const kafkaKilled: Fault = async ({ kafka, progress, pause }, { holdMs }) => {
  const at = Date.now();
  await kafka.kill();
  await pause(holdMs);
  await kafka.start();
  // What the consumers had fetched before may be written meanwhile: that is no recovery yet.
  return { ...(await progress.mark()), at };
};

export const kafkaRestarted: Fault = async ({ kafka, progress, pause }, { holdMs }) => {
  await kafka.stop();
  await pause(holdMs);
  const at = Date.now();
  await kafka.start();
  return { ...(await progress.mark()), at };
};

/** The broker hangs: connections stay, answers do not come. */
export const kafkaFrozen: Fault = async ({ kafka, progress, pause }, { holdMs }) => {
  process.kill(kafka.pid(), 'SIGSTOP');
  try {
    await pause(holdMs);
  } finally {
    process.kill(kafka.pid(), 'SIGCONT');
  }
  return progress.mark();
};

/** The connections of producer and consumers die without a word. */
export const kafkaHalfOpen: Fault = async ({ kafka, progress, pause }, { holdMs }) => {
  if (kafka.proxy === undefined) throw new RangeError('several brokers have no proxy');
  kafka.proxy.blackHole();
  await pause(holdMs);
  kafka.proxy.heal();
  return progress.mark();
};
