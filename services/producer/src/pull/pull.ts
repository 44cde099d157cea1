import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '@rastreio/contract';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import { backoffMs, type Log } from '@rastreio/runtime';
import { readCursor, writeCursor, type Cursor } from './cursor';
import { fetchPage } from './page';

export interface PullOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly stateFile: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly publisher: Publisher;
  readonly decode: Decoder;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly metrics: PullMetrics;
  readonly backoff?: { readonly firstDelayMs: number; readonly maxDelayMs: number };
}

export interface PullMetrics {
  /** Events published, and those of them that the consumer will reject. */
  readonly published: (events: number, invalid: number) => void;
  readonly polled: (result: 'page' | 'unchanged' | 'gone' | 'failed') => void;
}

const MESSAGES_PER_SEND = 1_000;
const DEFAULT_BACKOFF = { firstDelayMs: 1_000, maxDelayMs: 300_000 };

/**
 * Reads a carrier's events from its endpoint until the signal comes. The cursor moves only when Kafka has what lies before it,
 * so a crash repeats a page and loses none; repeated events count once. An event that breaks the contract is published as it
 * came: the consumer keeps it as a dead letter, since there is nobody to answer.
 *
 * @throws OperatorError when the state file is not one of ours; failures of the carrier or of Kafka are tried again for ever
 */
export async function pull(options: PullOptions): Promise<void> {
  const { url, stateFile, signal, log, intervalMs, metrics, backoff = DEFAULT_BACKOFF } = options;
  let cursor = await readCursor(stateFile, url);
  let failures = 0;
  while (!signal.aborted) {
    const outcome = await pollOnce(cursor, options);
    metrics.polled(outcome.kind);
    if (outcome.kind === 'failed') {
      const delayMs = outcome.waitMs ?? backoffMs(failures++, backoff);
      if (signal.aborted) return;
      log.warn({ url: cursor.url, problem: outcome.problem, delayMs: Math.round(delayMs) }, 'trying again');
      await wait(delayMs, signal);
      continue;
    }
    failures = 0;
    if (outcome.kind === 'gone') {
      log.error(
        { url: cursor.url },
        'the carrier no longer has what comes after the cursor; reading from its beginning',
      );
      cursor = { source: url, url, etag: null };
    } else if (outcome.kind === 'page') {
      const more = outcome.events > 0 && outcome.next.url !== cursor.url;
      cursor = outcome.next;
      await writeCursor(stateFile, cursor);
      if (more) continue;
    }
    await wait(intervalMs, signal);
  }
}

type Outcome =
  | { readonly kind: 'page'; readonly events: number; readonly next: Cursor }
  | { readonly kind: 'unchanged' | 'gone' }
  | { readonly kind: 'failed'; readonly problem: string; readonly waitMs: number | undefined };

async function pollOnce(cursor: Cursor, options: PullOptions): Promise<Outcome> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    const answer = await fetchPage(cursor, { apiKey: options.apiKey, signal });
    if (answer.kind !== 'page') return answer;
    const events = await publishAll(answer.events, options);
    if (events > 0) options.log.info({ url: cursor.url, events }, 'published');
    return { kind: 'page', events, next: answer.next };
  } catch (error) {
    // The carrier's network and body, or Kafka: all of it is tried again, none of it moves the cursor.
    const { message, cause } = error as Error;
    const problem = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return { kind: 'failed', problem, waitMs: undefined };
  }
}

async function publishAll(
  events: AsyncIterable<Buffer>,
  { publisher, decode, metrics }: PullOptions,
): Promise<number> {
  let batch: OutgoingMessage[] = [];
  let invalid = 0;
  let total = 0;
  const flush = async () => {
    await publisher.send(batch);
    metrics.published(batch.length, invalid);
    total += batch.length;
    [batch, invalid] = [[], 0];
  };
  for await (const bytes of events) {
    const result = decode(bytes);
    if (result.ok) batch.push({ key: String(result.event.id_pacote), value: JSON.stringify(result.event) });
    else {
      invalid++;
      batch.push({ key: null, value: bytes });
    }
    if (batch.length >= MESSAGES_PER_SEND) await flush();
  }
  await flush();
  return total;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
