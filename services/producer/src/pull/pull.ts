import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import { backoffMs, type Log } from '@rastreio/runtime';
import { readState, writeState, type Cursor } from './cursor';
import { createLetters, type Letters } from '../letters';
import { answerEvents } from './answerEvents';
import { fetchPage, type KeyPlace } from './page';
import { publishAll, type PublishParts } from './publish';
import { publishPayload, type PayloadReader } from './publishPayload';

export interface PullOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Left out: `Authorization: Bearer`. */
  readonly keyPlace?: KeyPlace | undefined;
  /** By what each answer is read as a whole; left out, answers hold events in the contract's own form. */
  readonly reader?: PayloadReader | undefined;
  readonly stateFile: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly publisher: Publisher;
  readonly decode: Decoder;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly metrics: PullMetrics;
  /** Pages read one after another before we wait as if there were nothing new: next addresses may never end. */
  readonly maxPagesInARow?: number;
  readonly backoff?: { readonly firstDelayMs: number; readonly maxDelayMs: number };
}

type PublishMetrics = PublishParts['metrics'];

export interface PullMetrics extends PublishMetrics {
  readonly polled: (result: 'page' | 'unchanged' | 'gone' | 'failed') => void;
}

const DEFAULT_BACKOFF = { firstDelayMs: 1_000, maxDelayMs: 300_000 };
/** A carrier that wants us to wait longer is asked again all the same: it may have meant something else. */
const MAX_RETRY_AFTER_MS = 3_600_000;
const MAX_PAGES_IN_A_ROW = 1_000;

/**
 * Reads a carrier's events from its endpoint until the signal comes. The cursor moves only when Kafka has what lies before it,
 * so a crash repeats a page and loses none; repeated events count once. An event that breaks the contract is published as it
 * came: the consumer keeps it as a dead letter, since there is nobody to answer. With a source profile each answer is a payload.
 *
 * @throws OperatorError when the state file is not one of ours; failures of the carrier or of Kafka are tried again for ever
 */
export async function pull(options: PullOptions): Promise<void> {
  const { url, stateFile, signal, log, intervalMs, metrics, backoff = DEFAULT_BACKOFF } = options;
  const state = await readState(stateFile, url);
  const letters = createLetters(state.letters);
  let { cursor } = state;
  let saved = JSON.stringify(state);
  const save = async () => {
    const now = { cursor, letters: letters.list() };
    const text = JSON.stringify(now);
    // Most answers change nothing, and each write waits for the disk.
    if (text !== saved) await writeState(stateFile, now);
    saved = text;
  };
  let failures = 0;
  let asked = new Set<string>();
  while (!signal.aborted) {
    const outcome = await pollOnce(cursor, letters, options);
    metrics.polled(outcome.kind);
    if (outcome.kind === 'failed') {
      // The letters of a page that broke off half-way are letters all the same.
      await save();
      const wanted = outcome.waitMs ?? backoffMs(failures++, backoff);
      const delayMs = Math.min(MAX_RETRY_AFTER_MS, Math.max(backoff.firstDelayMs, wanted));
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
      asked.add(cursor.url);
      const more = outcome.events > 0 && outcome.next.url !== cursor.url;
      cursor = outcome.next;
      await save();
      if (more && mayGoOn(asked, cursor.url, options)) continue;
    }
    asked = new Set();
    await wait(intervalMs, signal);
  }
}

/** Whether the next page is read at once. */
function mayGoOn(
  asked: ReadonlySet<string>,
  next: string,
  { log, maxPagesInARow = MAX_PAGES_IN_A_ROW }: PullOptions,
): boolean {
  if (asked.has(next))
    log.warn({ url: next }, 'the next addresses lead in a circle; waiting before going on; ask the carrier');
  else if (asked.size >= maxPagesInARow)
    log.warn({ url: next, pages: asked.size }, 'the pages do not end; waiting before going on');
  else return true;
  return false;
}

type Outcome =
  | { readonly kind: 'page'; readonly events: number; readonly next: Cursor }
  | { readonly kind: 'unchanged' | 'gone' }
  | { readonly kind: 'failed'; readonly problem: string; readonly waitMs: number | undefined };

async function pollOnce(cursor: Cursor, letters: Letters, options: PullOptions): Promise<Outcome> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    const { apiKey, keyPlace, reader } = options;
    const accept = reader === undefined ? {} : { accept: 'application/json, */*;q=0.9' };
    const answer = await fetchPage(cursor, { apiKey, keyPlace, signal, ...accept });
    if (answer.kind === 'failed') return { ...answer, problem: hidden(answer.problem, apiKey) };
    if (answer.kind !== 'page') return answer;
    const events =
      reader === undefined
        ? await publishAll(answerEvents(answer.body, answer.contentType), letters, options)
        : await publishPayload(answer.body, letters, reader, options);
    if (events > 0) options.log.info({ url: cursor.url, events }, 'read');
    // Only now: a Link that leads nowhere must not keep the page's own events away.
    return { kind: 'page', events, next: answer.next() };
  } catch (error) {
    // The carrier's network and body, or Kafka: all of it is tried again, none of it moves the cursor.
    const { message, cause } = error as Error;
    const problem = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return { kind: 'failed', problem: hidden(problem, options.apiKey), waitMs: undefined };
  }
}

/** Without the key: a carrier's page of an error, or a Link, may repeat the address that was asked for. */
function hidden(problem: string, apiKey: string | undefined): string {
  if (apiKey === undefined || apiKey === '') return problem;
  // As it is, as an address has it, and as a form writes it into one.
  const forms = [apiKey, encodeURIComponent(apiKey), new URLSearchParams({ k: apiKey }).toString().slice(2)];
  return forms.reduce((text, form) => text.replaceAll(form, '***'), problem);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
