import type { ConsumerFailpoint } from '../../../services/consumer/src/config';
import { drawn, type Fault } from './fault';

/** kill -9 wherever it happens to be; another process takes its place. */
export const consumerKilled: Fault = async ({ consumers, progress, pause }, planned) => {
  const victim = drawn(consumers.names(), planned);
  await consumers.kill(victim);
  const mark = await progress.mark();
  await pause(planned.holdMs);
  consumers.start(victim);
  return mark;
};

const PASSINGS = 5;

/** kill -9 exactly there: a consumer is stopped properly, and the one in its place ends itself at the failpoint. */
export function killedAt(failpoint: Parameters<ConsumerFailpoint>[0]): Fault {
  return async (rig, planned) => {
    const { consumers, progress, pause } = rig;
    const victim = drawn(consumers.names(), planned);
    await consumers.stop(victim);
    const nth = 1 + (planned.holdMs % PASSINGS);
    consumers.start(victim, { FAILPOINT: `${failpoint}@${nth}` });
    // It gets there on messages only, which the load may be holding back by now.
    rig.allowed = Infinity;
    await consumers.reachedFailpoint(victim);
    const mark = await progress.mark();
    await pause(planned.holdMs);
    consumers.start(victim);
    return mark;
  };
}

/** A zombie: stopped for longer than its session lasts, so that others have its partitions when it goes on in mid-batch. */
export const consumerFrozen: Fault = async ({ consumers, progress, pause }, planned) => {
  const victim = drawn(consumers.names(), planned);
  consumers.freeze(victim);
  try {
    await pause(planned.holdMs);
  } finally {
    consumers.thaw(victim);
  }
  return progress.mark();
};

/** One more consumer under load, and then it goes: killed or stopped properly. Two rebalances. */
export const consumersRebalanced: Fault = async ({ consumers, progress, pause }, planned) => {
  const members = consumers.names().length + 1;
  consumers.start('consumer-extra');
  await progress.groupIsStable(members);
  await pause(planned.holdMs);
  await (planned.draw < 0.5 ? consumers.kill('consumer-extra') : consumers.stop('consumer-extra'));
  return progress.mark();
};
