import { eventMessage, type Validator } from '@rastreio/contract';
import { judgePayload, problemOf, type Judged } from '@rastreio/sources';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Letters } from '../../letters';
import { keptPayload, letterOf } from '../../payloads';
import type { HttpLimits } from '../httpLimits';
import type { Intake } from '../intake';
import type { CarrierLimits } from '../limits';
import type { HttpMetrics } from '../metrics';
import { carrierName, senderOf } from '../post';
import { PROBLEMS, sendProblem } from '../problem';
import { tellStatuses } from '../unknownStatuses';
import type { Turns } from '../turns';
import { whyNotIts } from './authorize';
import type { Sources } from './profiles';
import { unpacked } from './rawBody';

export interface PayloadParts {
  readonly sources: Sources;
  readonly intake: Intake;
  readonly validate: Validator;
  readonly metrics: HttpMetrics;
  readonly carrierLimits: CarrierLimits;
  readonly turns: Turns;
  readonly limits: HttpLimits;
  /** Payloads that are kept already: a source that sends its whole history again and again has each once. */
  readonly letters: Letters;
  readonly now?: () => number;
}

const NOTHING = Buffer.alloc(0);
/** Problems told one by one in an answer. */
const MAX_PROBLEMS_TOLD = 20;

/**
 * Answers a source's payload: its events are taken; a payload of which something could not be read is kept as it came, as a dead letter
 * that can be read again with a better profile. So both are answered by 202 and no source sends again what only we can mend.
 */
export async function postPayload(
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: PayloadParts,
): Promise<FastifyReply> {
  const { sources, intake, validate, metrics, carrierLimits, turns, letters, now = Date.now } = parts;
  const source = sources.served.get(name);
  if (source === undefined) return sendProblem(reply, notServed(name, sources));
  const raw = Buffer.isBuffer(request.body) ? request.body : NOTHING;
  const { profile, secret } = source;
  const { auth } = profile;
  // A key was looked at before the body was read.
  if (auth.type === 'hmac' && secret !== null) {
    const evidence = { headers: request.headers, query: request.query as Record<string, unknown>, raw };
    const why = whyNotIts(auth, secret, evidence, now());
    if (why !== null) return sendProblem(reply, PROBLEMS.notTheSource(why));
  }
  const bytes = await unpacked(raw, request, parts.limits);
  if (bytes.length === 0) return sendProblem(reply, PROBLEMS.empty());
  const judged = await turns.take(senderOf(request), () => judgePayload(profile, bytes, validate));
  if (judged.events.length > parts.limits.maxEventsPerRequest)
    return sendProblem(reply, PROBLEMS.tooMany(judged.events.length, parts.limits.maxEventsPerRequest));
  const { carrier } = request;
  const { waitSeconds, settle } = await carrierLimits.reserve(carrier, Math.max(1, judged.events.length));
  if (carrier !== undefined && waitSeconds > 0)
    return sendProblem(reply, PROBLEMS.overLimit(carrier.eventsPerMinute, waitSeconds));
  let stored = 0;
  try {
    const problem = problemOf(profile, judged);
    const isKept = problem !== null && !letters.has(letterOf(name, bytes));
    const messages = [
      ...judged.events.map(eventMessage),
      ...(isKept ? [keptPayload(name, problem, bytes)] : []),
    ];
    if (messages.length > 0) {
      const outcome = await intake.take(messages);
      if (outcome === 'full')
        return await sendProblem(reply, PROBLEMS.overloaded(`${intake.pending()} events wait for Kafka`));
      if (outcome === 'unknown') return await sendProblem(reply, PROBLEMS.noAcknowledgement());
    }
    if (isKept) letters.add(letterOf(name, bytes));
    stored = judged.events.length;
    const who = carrier === undefined ? `source ${name}` : carrierName(carrier);
    metrics.accepted(who, stored);
    if (problem !== null) metrics.refused(who, 'unreadable_payload');
    return await reply.code(202).send(receiptOf(judged, request.id));
  } finally {
    await settle(stored);
  }
}

function receiptOf({ events, problems, problemsOmitted, unknownStatuses }: Judged, requestId: string) {
  return {
    accepted: events.length,
    unreadable: problems.length + problemsOmitted,
    ...(problems.length > 0
      ? {
          problems: problems.slice(0, MAX_PROBLEMS_TOLD),
          kept: 'as a dead letter, to be read again with a corrected profile',
        }
      : {}),
    ...tellStatuses(unknownStatuses),
    request_id: requestId,
  };
}

/** Why a name is none of a source that is served. */
export function notServed(name: string, { served, closed }: Sources) {
  const why = closed.get(name);
  if (why !== undefined) return PROBLEMS.sourceClosed(name, why);
  return PROBLEMS.noSource(name, [...served.keys()]);
}
