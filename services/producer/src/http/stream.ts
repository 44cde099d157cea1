import type { TrackingEvent } from '@rastreio/contract';
import { MAX_MESSAGE_BYTES, parseJson } from '@rastreio/contract';
import type { FastifyReply } from 'fastify';
import { explain, type EventResult } from './judge';
import { splitLines, type Line } from '../lines';
import { carrierName, countRefused, type PostParts, type PostRequest } from './post';
import { PROBLEMS, sendProblem, type Problem } from './problem';

/** Lines judged and sent to Kafka together; what a request holds in memory at a time. */
const LINES_PER_CHUNK = 1_000;
/** Refused lines told one by one; further ones are counted. */
const MAX_RESULTS = 1_000;

interface Progress {
  accepted: number;
  refused: number;
  /** Lines whose fate is decided. */
  lines: number;
  readonly results: EventResult[];
}

/**
 * Answers an NDJSON body of any length in constant memory: chunk by chunk, the next one is read when Kafka has the one before.
 * Only refused lines are listed. When it has to stop half-way, the answer says after which line to go on; starting over is
 * safe, too.
 */
export async function postStream(
  { request, reply, carrier }: PostRequest,
  parts: PostParts,
): Promise<FastifyReply> {
  const progress: Progress = { accepted: 0, refused: 0, lines: 0, results: [] };
  let chunk: Line[] = [];
  const flush = async (): Promise<Problem | undefined> => {
    const lines = chunk;
    chunk = [];
    return lines.length === 0 ? undefined : takeChunk(lines, { request, reply, carrier }, parts, progress);
  };
  for await (const line of splitLines(request.body as AsyncIterable<Buffer>, MAX_MESSAGE_BYTES)) {
    chunk.push(line);
    if (chunk.length < LINES_PER_CHUNK) continue;
    const problem = await flush();
    if (problem !== undefined) return stop(reply, problem);
  }
  const problem = await flush();
  if (problem !== undefined) return stop(reply, problem);
  const { accepted, refused, results } = progress;
  const receipt = { accepted, refused, results, ...omitted(progress) };
  if (accepted + refused === 0) return sendProblem(reply, PROBLEMS.empty());
  if (accepted === 0) return sendProblem(reply, allInvalid(receipt));
  return reply.code(refused === 0 ? 202 : 207).send({ ...receipt, request_id: request.id });
}

async function takeChunk(
  lines: readonly Line[],
  { carrier }: PostRequest,
  parts: PostParts,
  progress: Progress,
): Promise<Problem | undefined> {
  if (carrier !== undefined) {
    const waitSeconds = await parts.carrierLimits.take(carrier, lines.length);
    if (waitSeconds > 0) return PROBLEMS.overLimit(carrier.eventsPerMinute, waitSeconds, soFar(progress));
  }
  const events: TrackingEvent[] = [];
  const refused: EventResult[] = [];
  for (const line of lines) {
    const result = judgeLine(line, parts);
    if ('event' in result) events.push(result.event);
    else refused.push(result);
  }
  const outcome = await parts.intake.take(events);
  if (outcome === 'full')
    return PROBLEMS.overloaded(`${parts.intake.pending()} events wait for Kafka`, soFar(progress));
  if (outcome === 'unknown') return PROBLEMS.noAcknowledgement(soFar(progress));
  countRefused(refused, carrier, parts.metrics);
  parts.metrics.accepted(carrierName(carrier), events.length);
  progress.accepted += events.length;
  progress.refused += refused.length;
  progress.lines = lines.at(-1)?.number ?? progress.lines;
  progress.results.push(...refused.slice(0, MAX_RESULTS - progress.results.length));
  return undefined;
}

function judgeLine({ number, bytes }: Line, { decode }: PostParts): { event: TrackingEvent } | EventResult {
  if (bytes === null) {
    const detail = `line ${number} is longer than ${MAX_MESSAGE_BYTES} bytes; send one event a line`;
    const error = { field: null, reason: 'too_large', rule: 'the message is larger than the limit', detail };
    return { line: number, status: 'refused', errors: [error] };
  }
  const result = decode(bytes);
  if (result.ok) return { event: result.event };
  return { line: number, status: 'refused', errors: explain(result.rejections, tryParse(bytes)) };
}

/** The values to show beside the faults; a text that is no JSON has none. */
function tryParse(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    // The decoder has said so already.
    return null;
  }
}

function soFar(progress: Progress) {
  const { accepted, refused, lines, results } = progress;
  return { accepted, refused, results, ...omitted(progress), continue_after_line: lines };
}

function omitted({ refused, results }: Progress): { results_omitted?: number } {
  return refused > results.length ? { results_omitted: refused - results.length } : {};
}

function allInvalid(more: Problem['more'] & { refused: number }): Problem {
  return {
    status: 422,
    type: 'invalid-event',
    title: 'Invalid event',
    detail: `none of the ${more.refused} lines is a valid event; see "results", correct them and send them again`,
    more,
  };
}

/** Stops reading: the rest of the body is of no use, so the connection ends with the answer. */
function stop(reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  reply.header('connection', 'close');
  return sendProblem(reply, problem);
}
