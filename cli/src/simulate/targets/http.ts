import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, OperatorError, retryAfterMs, type Log } from '@rastreio/runtime';
import { JSON_FORMAT } from '@rastreio/simulator';
import { z } from 'zod';
import type { Outgoing, Target } from './target';

export interface HttpTargetOptions extends TryOptions {
  /** Sent as `Authorization: Bearer`, if the source wants one. */
  readonly apiKey: string | undefined;
}

/** How often and how long an address is tried. */
export interface TryOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly firstDelayMs?: number;
}

const answerSchema = z.object({ accepted: z.int(), refused: z.int() });
export const REQUEST_TIMEOUT_MS = 60_000;
const MAX_TRIES = 30;

/**
 * Posts the messages to the HTTP source as NDJSON. An overloaded or absent source is tried again (events are told apart by
 * their content, so nothing counts twice); a broken message is refused by it, as it should be.
 */
export function httpTarget(options: HttpTargetOptions): Target {
  return {
    format: JSON_FORMAT,
    send: (batch) => sendAgainAndAgain(() => post(batch, options), options),
    close: () => Promise.resolve(),
  };
}

/**
 * Sends until it is taken: an overloaded or absent source is asked again, 30 times at most.
 *
 * @throws OperatorError when it is refused, or the tries or the run are over
 */
export async function sendAgainAndAgain(
  send: () => Promise<Answer>,
  { url, signal, log, firstDelayMs = 200 }: TryOptions,
): Promise<{ refused: number }> {
  for (let attempt = 0; ; attempt++) {
    const result = await send().catch((error: unknown) => ({ error }));
    if ('refused' in result) return result;
    const problem =
      'error' in result ? String(result.error) : `status ${result.status}: ${result.text.slice(0, 300)}`;
    const final = 'status' in result && result.status !== 429 && result.status < 500;
    if (final || attempt + 1 >= MAX_TRIES || signal.aborted)
      throw new OperatorError(`${url}: ${problem}; check --url and the source’s log, then run again`);
    const delayMs =
      ('waitMs' in result ? result.waitMs : undefined) ??
      backoffMs(attempt, { firstDelayMs, maxDelayMs: 10_000 });
    log.warn(
      { url, problem, attempt, delayMs: Math.round(delayMs) },
      'the source took nothing, trying again',
    );
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}

export type Answer = { refused: number } | { status: number; text: string; waitMs: number | undefined };

async function post(batch: readonly Outgoing[], { url, apiKey }: HttpTargetOptions): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-ndjson',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: batch.map(({ text }) => `${text}\n`).join(''),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.status === 202 || response.status === 207 || response.status === 422) {
    const answer = answerSchema.safeParse(JSON.parse(text));
    if (answer.success && answer.data.accepted + answer.data.refused === batch.length)
      return { refused: answer.data.refused };
  }
  return refusalOf(response, text);
}

/** What a source said that took nothing. */
export function refusalOf({ status, headers }: Response, text: string): Answer {
  return { status, text, waitMs: retryAfterMs(headers.get('retry-after'), Date.now()) };
}
