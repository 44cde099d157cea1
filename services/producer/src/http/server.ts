import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rejection, TrackingEvent, Validator } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import { addOpsRoutes, type Log } from '@rastreio/runtime';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { HttpMetrics } from './metrics';
import { sendProblem } from './problem';

export interface HttpSourceParts {
  readonly publisher: Publisher;
  readonly validate: Validator;
  readonly metrics: HttpMetrics;
  readonly log: Log;
  readonly limits: {
    readonly maxBodyBytes: number;
    readonly maxEventsPerRequest: number;
    readonly maxPendingEvents: number;
    readonly ackTimeoutMs: number;
  };
}

interface EventError extends Rejection {
  /** Position in the array, 0 for a single event. */
  readonly index: number;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * The HTTP source: `POST /eventos` takes one event or an array and answers 202 only after Kafka acknowledged all of it.
 * One wrong event refuses the whole request (422) and nothing of it is published. Sending a request again is safe: events
 * are told apart by their content.
 */
export function createHttpSource({
  publisher,
  validate,
  metrics,
  log,
  limits,
}: HttpSourceParts): FastifyInstance {
  const app = Fastify({
    bodyLimit: limits.maxBodyBytes,
    genReqId: () => randomUUID(),
    return503OnClosing: true,
  });
  let pending = 0;

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error, request: request.id }, 'request failed');
    metrics.refused(status);
    return sendProblem(reply, {
      status,
      title: TITLES[status] ?? 'Request failed',
      detail: DETAILS[status]?.(limits) ?? error.message,
    });
  });
  app.setNotFoundHandler(async (request, reply) =>
    sendProblem(reply, {
      status: 404,
      title: 'Not found',
      detail: `${request.method} ${request.url} does not exist; send events to POST /eventos`,
    }),
  );
  addOpsRoutes(
    app,
    { notReady: () => (publisher.isConnected() ? null : 'no connection to Kafka; check KAFKA_BROKERS') },
    metrics.registry,
  );

  app.post('/eventos', async (request, reply) => {
    const startedAt = performance.now();
    const inputs: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
    const problem =
      inputs.length === 0
        ? EMPTY
        : inputs.length > limits.maxEventsPerRequest
          ? tooMany(inputs.length, limits.maxEventsPerRequest)
          : undefined;
    if (problem !== undefined) {
      metrics.refused(problem.status);
      return sendProblem(reply, problem);
    }
    const { events, errors } = validateAll(inputs, validate);
    if (errors.length > 0) {
      metrics.refused(422);
      return sendProblem(reply, {
        status: 422,
        title: 'Invalid event',
        detail: `${errors[0]?.detail ?? ''}; nothing of this request was taken`,
        errors,
      });
    }
    if (pending + events.length > limits.maxPendingEvents) {
      metrics.refused(503);
      return sendProblem(reply, {
        status: 503,
        title: 'Overloaded',
        detail: `${pending} events wait for Kafka; send the request again later`,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    pending += events.length;
    const sending = publisher.send(events.map(toMessage)).finally(() => (pending -= events.length));
    if (!(await acknowledged(sending, limits.ackTimeoutMs, log))) {
      metrics.refused(503);
      return sendProblem(reply, {
        status: 503,
        title: 'Kafka does not answer',
        detail: 'the events may or may not be stored; send the request again, which counts nothing twice',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    metrics.accepted(events.length, (performance.now() - startedAt) / 1000);
    return reply.code(202).send({ aceitos: events.length, id_requisicao: request.id });
  });
  return app;
}

/** Whether Kafka acknowledged within the time; a send that fails later is logged, never lost silently. */
async function acknowledged(sending: Promise<void>, timeoutMs: number, log: Log): Promise<boolean> {
  const timer = new AbortController();
  const sent = sending.then(
    () => true,
    (error: unknown) => {
      log.error({ err: error }, 'Kafka did not take the events');
      return false;
    },
  );
  const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([sent, late]);
  timer.abort();
  return result;
}

function validateAll(
  inputs: readonly unknown[],
  validate: Validator,
): { events: TrackingEvent[]; errors: EventError[] } {
  const events: TrackingEvent[] = [];
  const errors: EventError[] = [];
  inputs.forEach((input, index) => {
    const result = validate(input);
    if (result.ok) events.push(result.event);
    else errors.push(...result.rejections.map((rejection) => ({ index, ...rejection })));
  });
  return { events, errors };
}

function toMessage(event: TrackingEvent) {
  return { key: String(event.id_pacote), value: JSON.stringify(event) };
}

const EMPTY = { status: 422, title: 'No event', detail: 'the array is empty; send at least one event' };

function tooMany(count: number, max: number) {
  return {
    status: 413,
    title: 'Too many events',
    detail: `${count} events; send at most ${max} in one request`,
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not JSON',
  413: 'Too large',
  415: 'Unsupported media type',
  503: 'Stopping',
};

const DETAILS: Readonly<Record<number, (limits: HttpSourceParts['limits']) => string>> = {
  400: () => 'the body is not valid JSON; send one event or an array of events',
  413: ({ maxBodyBytes }) =>
    `the body is larger than ${maxBodyBytes} bytes; send the events in several requests`,
  415: () => 'send the events as application/json',
};
