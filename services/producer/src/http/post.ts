import type { Decoder, Validator } from '@rastreio/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Intake } from './intake';
import { judge, type EventResult, type Judgement } from './judge';
import type { Carrier } from './keys';
import type { CarrierLimits } from './limits';
import type { HttpMetrics } from './metrics';
import { PROBLEMS, sendProblem, type Problem } from './problem';

/** What the handlers of POST /eventos work with. */
export interface PostParts {
  readonly intake: Intake;
  readonly validate: Validator;
  readonly decode: Decoder;
  readonly metrics: HttpMetrics;
  readonly carrierLimits: CarrierLimits;
  readonly maxEventsPerRequest: number;
}

/** The answer to a request of which at least one event was taken. */
interface Receipt {
  readonly accepted: number;
  readonly refused: number;
  readonly results?: readonly EventResult[];
  readonly results_omitted?: number;
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
  if (inputs.length === 0) return sendProblem(reply, PROBLEMS.empty());
  if (inputs.length > maxEventsPerRequest)
    return sendProblem(reply, PROBLEMS.tooMany(inputs.length, maxEventsPerRequest));
  if (carrier !== undefined) {
    const waitSeconds = await carrierLimits.take(carrier, inputs.length);
    if (waitSeconds > 0) return sendProblem(reply, PROBLEMS.overLimit(carrier.eventsPerMinute, waitSeconds));
  }
  const judgement = judge(inputs, parts.validate);
  countRefused(judgement.results, carrier, metrics);
  const strict = /\bhandling\s*=\s*strict\b/i.test(String(request.headers.prefer ?? ''));
  if (judgement.events.length === 0 || (strict && judgement.refused > 0))
    return sendProblem(reply, invalid(judgement));
  const outcome = await intake.take(judgement.events);
  if (outcome === 'full')
    return sendProblem(reply, PROBLEMS.overloaded(`${intake.pending()} events wait for Kafka`));
  if (outcome === 'unknown') return sendProblem(reply, PROBLEMS.noAcknowledgement());
  metrics.accepted(carrierName(carrier), judgement.events.length);
  return reply.code(judgement.refused === 0 ? 202 : 207).send({
    accepted: judgement.events.length,
    refused: judgement.refused,
    ...(Array.isArray(request.body) ? { results: judgement.results } : {}),
    request_id: request.id,
  } satisfies Receipt);
}

/** Counts refused events by the first thing wrong with each. */
export function countRefused(
  results: readonly EventResult[],
  carrier: Carrier | undefined,
  metrics: HttpMetrics,
): void {
  for (const { errors } of results) {
    const [first] = errors ?? [];
    if (first !== undefined) metrics.refused(carrierName(carrier), first.reason);
  }
}

function invalid({ results, refused }: Judgement): Problem {
  const [first] = results.filter(({ status }) => status === 'refused');
  const wrong = results.length === 1 ? '' : `${refused} of ${results.length} events are invalid, the first: `;
  return {
    status: 422,
    type: 'invalid-event',
    title: 'Invalid event',
    detail: `${wrong}${first?.errors?.[0]?.detail ?? ''}; nothing of this request was taken`,
    more: {
      accepted: 0,
      refused,
      errors: results.flatMap(({ index, errors = [] }) => errors.map((error) => ({ index, ...error }))),
    },
  };
}
