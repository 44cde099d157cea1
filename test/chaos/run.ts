import { CONSUMER_GROUP } from '@rastreio/contract';
import { OperatorError } from '@rastreio/runtime';
import { DO } from './faults';
import { startForeign } from './foreign';
import { compareAll, type Compared } from './compare';
import { kindsOf, type ChaosOptions } from './options';
import type { Rig } from './rig';
import { planChaos, type PlannedFault } from './schedule';

/** What a run found out. */
export interface ChaosRun {
  readonly faults: readonly PlannedFault[];
  readonly recoveriesMs: readonly number[];
  readonly first: Compared;
  readonly afterReplay: Compared;
  readonly peakMb: number;
  /** Messages that a foreign producer sent again, nothing around them being right. */
  readonly odd: number;
}

const REPLAY_GROUP = `${CONSUMER_GROUP}_replay`;
/** During the replay the first group goes on with this. */
const TRICKLE_PER_SECOND = 200;
/** Messages that a fault gets at the least. */
const LEAST_LOAD = 5_000;

/**
 * Load and faults, then the comparison; then the whole topic again, in a second group beside the first, and the comparison
 * again; then a proper stop of every consumer.
 *
 * @throws OperatorError when something does not recover, ends by itself or does not stop properly
 */
export async function runChaos(
  rig: Rig,
  options: ChaosOptions,
  say: (text: string) => void,
): Promise<ChaosRun> {
  const { consumers, kafka, load, progress } = rig;
  const { events, seed, outage } = options;
  const seconds = options.minutes === undefined ? undefined : options.minutes * 60;
  const { faults, messagesPerSecond } = planChaos({
    seed,
    events,
    faults: options.faults,
    seconds,
    outageSeconds: outage,
    kinds: kindsOf(options),
  });
  const names = Array.from({ length: options.consumers }, (_, i) => `consumer-${i + 1}`);
  names.forEach((name) => consumers.start(name));
  await progress.groupIsStable(names.length);
  say(`${names.length} consumers run; sending ${events} events, ${messagesPerSecond} messages a second`);
  load.start(messagesPerSecond);
  const foreign = await startForeign(kafka.directBrokers);

  const recoveriesMs: number[] = [];
  for (const [i, fault] of faults.entries()) {
    const next = faults[i + 1]?.atMessages ?? events;
    const recoveryMs = await Promise.race([oneFault(rig, fault, next), failure(load.wholeWorld)]);
    recoveriesMs.push(recoveryMs);
    say(
      `${i + 1}/${faults.length} ${fault.kind}${fault.holdMs === 0 ? '' : ` for ${fault.holdMs} ms`}: recovered in ${recoveryMs} ms; ` +
        `${progress.sent()} sent, ${progress.consumed()} consumed${load.repeats() ? ', the world is out and is sent again' : ''}`,
    );
  }
  rig.allowed = Infinity;
  await load.wholeWorld;
  await load.stop();
  await foreign.stop();
  await progress.groupIsStable(names.length);
  say(
    `all sent, ${foreign.sent()} of them again with odd times, headers and keys; waiting until it is written`,
  );
  const first = await compareAll(rig, await progress.drained());
  say(`compared: ${summary(first)}`);

  say('the whole topic again, in a second group beside the first');
  load.startAgain(TRICKLE_PER_SECOND);
  consumers.start('replay', { CONSUMER_GROUP_ID: REPLAY_GROUP });
  await progress.groupIsStable(1, REPLAY_GROUP);
  await progress.drained(REPLAY_GROUP);
  await load.stop();
  await progress.drained(REPLAY_GROUP);
  const afterReplay = await compareAll(rig, await progress.drained());
  say(`compared: ${summary(afterReplay)}`);

  consumers.assertRunning();
  const peakMb = consumers.peakMb();
  for (const name of consumers.names()) await consumers.stop(name);
  return { faults, recoveriesMs, first, afterReplay, peakMb, odd: foreign.sent() };
}

/** Waits for its time, does it, and waits until the pipeline writes again; gives the milliseconds of the latter. */
async function oneFault(rig: Rig, fault: PlannedFault, nextAt: number): Promise<number> {
  const { consumers, progress, pause } = rig;
  while (progress.sent() < fault.atMessages && !rig.load.repeats()) {
    await pause(50);
    consumers.assertRunning();
  }
  // Until this fault is over, the next one's share of the messages waits; but without any load nothing could recover.
  rig.allowed = Math.max(nextAt, progress.sent() + LEAST_LOAD);
  const mark = await DO[fault.kind](rig, fault);
  rig.allowed = Infinity;
  const recoveryMs = await progress.recovery(mark).catch((error: unknown) => {
    consumers.assertRunning();
    throw new OperatorError(`${fault.kind}: ${(error as Error).message}`, 1, { cause: error });
  });
  consumers.assertRunning();
  return recoveryMs;
}

/** Never resolves. */
function failure(promise: Promise<unknown>): Promise<never> {
  return new Promise((_resolve, reject) => void promise.catch(reject));
}

function summary({ lost, duplicated, wrongStates, parcels, resent, accounts, names }: Compared): string {
  return `${lost} lost, ${duplicated} duplicated, ${wrongStates} wrong states, ${parcels.wrongNames} wrong names; ${resent} messages are in Kafka twice, ${accounts.redelivered} were consumed twice; ${names.joined} numbers were joined, ${names.takenBack} events taken back`;
}
