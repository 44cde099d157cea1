import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { GroundTruth, type Message } from '@rastreio/simulator';
import type { Pace } from './plan';
import type { Outgoing, Target } from './targets/target';

export interface EmitOptions {
  readonly messages: Iterable<Message>;
  readonly target: Target;
  readonly pace: Pace;
  readonly maxWallMs: number;
  /** Messages at the beginning that an earlier run has sent: they go into the truth, not to the target. */
  readonly skip?: number;
  readonly signal: AbortSignal;
  /** Gets every message that was sent; left out, they are only counted. */
  readonly truth?: GroundTruth | undefined;
  readonly onProgress: (emitted: Emitted, last: Message) => void;
}

/** What has been sent so far. */
export interface Emitted {
  readonly tally: Record<Message['kind'], number>;
  /** Messages that an earlier run has sent; the tally counts them, too. */
  skipped: number;
  sent: number;
  /** Of these, refused by the target. */
  refused: number;
  /** Messages that were due before the run ended and did not get out: the target was too slow. */
  notSent: number;
  /** When the first message that was not skipped was due. */
  startedAt: number;
  /** From a message's intended send time to its acknowledgement, milliseconds; empty when nothing paces the run. */
  readonly delay: RecordableHistogram;
}

const MAX_BATCH = 2_000;
/** Messages due within this time go out together. */
const TICK_MS = 50;

/** A tally of nothing. */
export function nothingEmitted(): Emitted {
  return {
    tally: new GroundTruth().tally,
    skipped: 0,
    sent: 0,
    refused: 0,
    notSent: 0,
    startedAt: Date.now(),
    delay: createHistogram(),
  };
}

/**
 * Sends the messages in order, in batches. Open loop: intended send times do not move when the target is slow, what is overdue
 * follows at once, and the delay counts from the intended time (no coordinated omission).
 *
 * @param emitted is counted up, so that a failed run can still say what it has sent
 * @throws what the target throws; the batch in hand then counts as not sent
 */
export async function emit(options: EmitOptions, emitted: Emitted): Promise<void> {
  const { messages, target, pace, signal, maxWallMs, skip = 0 } = options;
  let batch: Outgoing[] = [];
  let intended: number[] = [];
  const flush = async () => {
    await sendBatch(options, batch, intended, emitted);
    [batch, intended] = [[], []];
  };
  let index = 0;
  let late = false;
  for (const message of messages) {
    if (emitted.skipped < skip) {
      await passOver(message, options, emitted);
      continue;
    }
    const sendAt = intendedAt(message, index++, pace, emitted.startedAt);
    const endAt = emitted.startedAt + maxWallMs;
    if (sendAt >= endAt) break;
    if (!late) {
      if (batch.length >= MAX_BATCH) await flush();
      if (sendAt > Date.now() + TICK_MS) {
        await flush();
        await sleepUntil(sendAt, signal);
      }
      if (signal.aborted) break;
      late = Date.now() >= endAt;
    }
    if (late) {
      // Goes on to count what was due in time; an unpaced run has no such number.
      if (pace.by === 'nothing') break;
      emitted.notSent++;
      continue;
    }
    batch.push({ message, text: target.format.text(message) });
    if (pace.by !== 'nothing') intended.push(sendAt);
  }
  await flush();
}

function intendedAt(message: Message, index: number, pace: Pace, startedAt: number): number {
  switch (pace.by) {
    case 'rate':
      return startedAt + (index * 1000) / pace.perSecond;
    case 'time':
      return Math.max(message.dueMs, startedAt + (message.dueMs - pace.startMs) / pace.speed);
    case 'nothing':
      return startedAt;
  }
}

async function passOver(message: Message, { target, truth }: EmitOptions, emitted: Emitted): Promise<void> {
  count(message, target.format.text(message), target, truth, emitted);
  emitted.skipped++;
  // Nothing else would let signals and heartbeats through.
  if (emitted.skipped % MAX_BATCH === 0) await setImmediate();
  emitted.startedAt = Date.now();
}

async function sendBatch(
  { target, truth, onProgress }: EmitOptions,
  batch: readonly Outgoing[],
  intended: readonly number[],
  emitted: Emitted,
): Promise<void> {
  const last = batch.at(-1);
  if (last === undefined) return;
  const { refused } = await target.send(batch);
  const now = Date.now();
  for (const at of intended) emitted.delay.record(Math.max(1, Math.round(now - at)));
  for (const { message, text } of batch) count(message, text, target, truth, emitted);
  emitted.sent += batch.length;
  emitted.refused += refused;
  onProgress(emitted, last.message);
}

function count(
  message: Message,
  text: string,
  target: Target,
  truth: GroundTruth | undefined,
  emitted: Emitted,
): void {
  emitted.tally[message.kind]++;
  const { format } = target;
  truth?.add(message, text, format.rejection(message), format.tell);
}

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(atMs - Date.now(), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
