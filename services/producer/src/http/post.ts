import { eventMessage, type Decoder, type Validator } from '@rastreio/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Intake } from './intake';
import { judge, type EventResult, type Judgement } from './judge';
import type { Carrier } from './keys';
import type { CarrierLimits } from './limits';
import type { HttpMetrics } from './metrics';
import { PROBLEMS, sendProblem, type Problem } from './problem';
import type { Turns } from './turns';
import { countUnknownStatuses, type UnknownStatuses } from './unknownStatuses';

/** What the handlers of POST /eventos work with. */
export interface PostParts {
  readonly intake: Intake;
  readonly validate: Validator;
  readonly decode: Decoder;
  readonly metrics: HttpMetrics;
  readonly carrierLimits: CarrierLimits;
  readonly turns: Turns;
  readonly maxEventsPerRequest: number;
}

/** The answer to a request of which at least one event was taken. */
interface Receipt extends ReturnType<UnknownStatuses['told']> {
  readonly accepted: number;
  readonly refused: number;
  readonly results?: readonly EventResult[];
  readonly errors_omitted?: number;
  readonly request_id: string;
}

/** A request with its carrier, undefined where no key is asked for. */
export interface PostRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly carrier: Carrier | undefined;
}

/** Name of a request's carrier in metrics and logs. */
export function carrierName(carrier: Carrier | undefined): string {
  return carrier?.name ?? 'anonymous';
}

/** Who a request's memory and time are counted for: its carrier, or where no key is asked for the address it came from. */
export function senderOf({ carrier, ip }: FastifyRequest): string {
  return carrier === undefined ? ip : `carrier ${carrier.name}`;
}

/**
 * Answers a JSON body: one event or an array. Valid events are taken, wrong ones refused one by one; with
 * `Prefer: handling=strict` (RFC 7240) one wrong event refuses the whole request.
 */
export async function postJson(
  { request, reply, carrier }: PostRequest,
  parts: PostParts,
): Promise<FastifyReply> {
  const { intake, metrics, carrierLimits, maxEventsPerRequest } = parts;
  const inputs: readonly unknown[] = Array.isArray(request.body) ? request.body : [request.body];
  if (inputs.length === 0 || request.body === undefined) return sendProblem(reply, PROBLEMS.empty());
  if (inputs.length > maxEventsPerRequest)
    return sendProblem(reply, PROBLEMS.tooMany(inputs.length, maxEventsPerRequest));
  const { waitSeconds, settle } = await carrierLimits.reserve(carrier, inputs.length);
  if (carrier !== undefined && waitSeconds > 0)
    return sendProblem(reply, PROBLEMS.overLimit(carrier.eventsPerMinute, waitSeconds));
  let stored = 0;
  try {
    const judgement = await judge(inputs, parts.validate, parts.turns, senderOf(request));
    const { events, reasons, results } = judgement;
    countRefused(reasons, carrier, metrics);
    const strict = /\bhandling\s*=\s*strict\b/i.test(String(request.headers.prefer ?? ''));
    if (events.length === 0 || (strict && reasons.length > 0))
      return await sendProblem(reply, invalid(judgement));
    const outcome = await intake.take(events.map(eventMessage));
    if (outcome === 'full')
      return await sendProblem(reply, PROBLEMS.overloaded(`${intake.pending()} events wait for Kafka`));
    if (outcome === 'unknown') return await sendProblem(reply, PROBLEMS.noAcknowledgement());
    stored = events.length;
    metrics.accepted(carrierName(carrier), stored);
    const unknown = countUnknownStatuses();
    unknown.add(events);
    return await reply.code(reasons.length === 0 ? 202 : 207).send({
      accepted: stored,
      refused: reasons.length,
      ...(Array.isArray(request.body) ? { results, ...omitted(results) } : {}),
      ...unknown.told(),
      request_id: request.id,
    } satisfies Receipt);
  } finally {
    await settle(stored);
  }
}

/** Counts refused events by the first thing wrong with each. */
export function countRefused(
  reasons: readonly string[],
  carrier: Carrier | undefined,
  metrics: HttpMetrics,
): void {
  for (const reason of reasons) metrics.refused(carrierName(carrier), reason);
}

function invalid({ results, reasons }: Judgement): Problem {
  const first = results.find(({ status }) => status === 'refused')?.errors?.[0]?.detail ?? '';
  const wrong =
    results.length === 1 ? '' : `${reasons.length} of ${results.length} events are invalid, the first: `;
  return {
    status: 422,
    type: 'invalid-event',
    title: 'Invalid event',
    detail: `${wrong}${first}; nothing of this request was taken`,
    more: {
      accepted: 0,
      refused: reasons.length,
      errors: results.flatMap(({ index, errors = [] }) => errors.map((error) => ({ index, ...error }))),
      ...omitted(results),
    },
  };
}

/** How many refused events are not explained, where there are any. */
function omitted(results: readonly EventResult[]): { errors_omitted?: number } {
  const count = results.filter(({ status, errors }) => status === 'refused' && errors === undefined).length;
  return count === 0 ? {} : { errors_omitted: count };
}
