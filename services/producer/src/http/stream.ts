import type { TrackingEvent, Validated } from '@rastreio/contract';
import { eventMessage, MAX_MESSAGE_BYTES, parseJson } from '@rastreio/contract';
import type { FastifyReply } from 'fastify';
import { splitLines, type Line } from '../lines';
import { EVENTS_PER_TURN, explain, MAX_ERRORS_TOLD, type EventResult, type Telling } from './judge';
import { carrierName, countRefused, senderOf, type PostParts, type PostRequest } from './post';
import { PROBLEMS, RefusedError, sendProblem, type Problem } from './problem';
import { countUnknownStatuses, type UnknownStatuses } from './unknownStatuses';

/** Lines judged and sent to Kafka together, and their bytes: what a request holds in memory at a time. */
const LINES_PER_CHUNK = 1_000;
const BYTES_PER_CHUNK = 262_144;
/** Refused lines after which a stream that is mostly wrong is not read any further. */
const MAX_REFUSED = 10_000;

interface Progress {
  accepted: number;
  refused: number;
  /** Lines whose fate is decided. */
  lines: number;
  readonly results: EventResult[];
  readonly telling: Telling;
  readonly unknown: UnknownStatuses;
}

/**
 * Answers an NDJSON body of any length in constant memory: chunk by chunk, the next one is read when Kafka has the one before.
 * Only refused lines are listed. When it has to stop half-way, the answer says after which line to go on; starting over is
 * safe, too.
 */
export async function postStream(post: PostRequest, parts: PostParts): Promise<FastifyReply> {
  const { request, reply } = post;
  const progress: Progress = {
    accepted: 0,
    refused: 0,
    lines: 0,
    results: [],
    telling: { left: MAX_ERRORS_TOLD },
    unknown: countUnknownStatuses(),
  };
  const problem = await takeAll(post, parts, progress);
  if (problem !== undefined)
    return sendProblem(reply, { ...problem, more: { ...problem.more, ...soFar(progress) } });
  const { accepted, refused, results, unknown } = progress;
  const receipt = { accepted, refused, results, ...omitted(progress), ...unknown.told() };
  if (accepted + refused === 0) return sendProblem(reply, PROBLEMS.empty());
  if (accepted === 0) return sendProblem(reply, { ...allInvalid(refused), more: receipt });
  return reply.code(refused === 0 ? 202 : 207).send({ ...receipt, request_id: request.id });
}

/** Takes line after line; undefined at the end, else why it goes no further. */
async function takeAll(
  post: PostRequest,
  parts: PostParts,
  progress: Progress,
): Promise<Problem | undefined> {
  let chunk: Line[] = [];
  let bytes = 0;
  const flush = async (): Promise<Problem | undefined> => {
    const lines = chunk;
    [chunk, bytes] = [[], 0];
    const problem = lines.length === 0 ? undefined : await takeChunk(lines, post, parts, progress);
    post.request.held.release();
    return problem;
  };
  try {
    for await (const line of splitLines(post.request.body as AsyncIterable<Buffer>, MAX_MESSAGE_BYTES)) {
      chunk.push(line);
      const length = line.bytes?.length ?? 0;
      bytes += length;
      post.request.held.hold(length);
      if (chunk.length < LINES_PER_CHUNK && bytes < BYTES_PER_CHUNK) continue;
      const problem = await flush();
      if (problem !== undefined) return problem;
    }
    return await flush();
  } catch (error) {
    if (error instanceof RefusedError) return error.problem;
    throw error;
  }
}

async function takeChunk(
  lines: readonly Line[],
  { request, carrier }: PostRequest,
  { turns, decode, intake, metrics, carrierLimits }: PostParts,
  progress: Progress,
): Promise<Problem | undefined> {
  const { waitSeconds, settle } = await carrierLimits.reserve(carrier, lines.length);
  if (carrier !== undefined && waitSeconds > 0)
    return PROBLEMS.overLimit(carrier.eventsPerMinute, waitSeconds);
  const events: TrackingEvent[] = [];
  const results: EventResult[] = [];
  const reasons: string[] = [];
  const judgeOne = ({ number, bytes }: Line) => {
    const result = bytes === null ? tooLong(number) : decode(bytes);
    if (result.ok) {
      events.push(result.event);
      return;
    }
    reasons.push(result.rejections[0].reason);
    const { errors } = explain(result.rejections, () => tryParse(bytes), progress.telling);
    if (errors !== undefined) results.push({ line: number, status: 'refused', errors });
  };
  let stored = 0;
  try {
    for (let from = 0; from < lines.length; from += EVENTS_PER_TURN)
      await turns.take(senderOf(request), () => lines.slice(from, from + EVENTS_PER_TURN).forEach(judgeOne));
    const outcome = await intake.take(events.map(eventMessage));
    if (outcome === 'full') return PROBLEMS.overloaded(`${intake.pending()} events wait for Kafka`);
    if (outcome === 'unknown') return PROBLEMS.noAcknowledgement();
    stored = events.length;
  } finally {
    await settle(stored);
  }
  countRefused(reasons, carrier, metrics);
  metrics.accepted(carrierName(carrier), stored);
  progress.accepted += stored;
  progress.unknown.add(events);
  progress.refused += reasons.length;
  progress.lines = lines.at(-1)?.number ?? progress.lines;
  progress.results.push(...results);
  return progress.refused > MAX_REFUSED && progress.refused > progress.accepted
    ? mostlyInvalid(progress)
    : undefined;
}

function tooLong(number: number): Validated & { ok: false } {
  const detail = `line ${number} is longer than ${MAX_MESSAGE_BYTES} bytes; send one event a line`;
  return { ok: false, rejections: [{ field: null, reason: 'too_large', detail }] };
}

/** The values to show beside the faults; a text that is no JSON has none. */
function tryParse(bytes: Buffer | null): unknown {
  try {
    return bytes === null ? null : parseJson(bytes.toString('utf8'));
  } catch {
    // The decoder has said so already.
    return null;
  }
}

function soFar(progress: Progress) {
  const { accepted, refused, lines, results, unknown } = progress;
  return { accepted, refused, results, ...omitted(progress), ...unknown.told(), continue_after_line: lines };
}

function omitted({ refused, results }: Progress): { results_omitted?: number } {
  return refused > results.length ? { results_omitted: refused - results.length } : {};
}

function allInvalid(refused: number): Problem {
  return {
    status: 422,
    type: 'invalid-event',
    title: 'Invalid event',
    detail: `none of the ${refused} lines is a valid event; see "results", correct them and send them again`,
  };
}

function mostlyInvalid({ refused, accepted, lines }: Progress): Problem {
  return {
    status: 422,
    type: 'mostly-invalid',
    title: 'Mostly invalid events',
    detail: `${refused} of the first ${refused + accepted} events are invalid, so the rest was not read; see "results", correct them and go on after line ${lines}`,
  };
}
