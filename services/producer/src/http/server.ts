import { randomUUID } from 'node:crypto';
import type { Decoder, Validator } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import {
  addHeaders,
  addHealthRoutes,
  foreignHost,
  HTTP_TIMES,
  serverOptions,
  type Health,
  type HttpTimes,
  type Log,
} from '@rastreio/runtime';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { acceptBodies, holdBodies } from './bodies';
import { addDocs } from './docs';
import type { HttpLimits } from './httpLimits';
import { createIntake } from './intake';
import type { Carrier, KeyRing } from './keys';
import { readLeftovers } from './leftovers';
import { createCarrierLimits } from './limits';
import type { HttpMetrics } from './metrics';
import { answerOddRequests, answerParserError, type ParserError } from './parserErrors';
import { carrierName, postJson, senderOf, type PostParts } from './post';
import { PROBLEMS, RefusedError, sendProblem, type Problem } from './problem';
import { refuseUnknownRoutes } from './routing';
import { postStream } from './stream';
import { createBodyLedger } from './ledger';
import { createLetters } from '../letters';
import type { Sources } from './sources/profiles';
import { addSourceRoutes, guardSources } from './sources/routes';
import { createTurns } from './turns';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key came with the request; undefined where no key is asked for. */
    carrier: Carrier | undefined;
  }
}

export interface HttpSourceParts {
  readonly publisher: Publisher;
  readonly validate: Validator;
  readonly decode: Decoder;
  readonly metrics: HttpMetrics;
  readonly health: Health;
  readonly log: Log;
  /** Left out, no key is asked for. */
  readonly keys?: KeyRing | undefined;
  /** Whose payloads are taken at /fontes/{perfil}; left out, none. */
  readonly sources?: Sources | undefined;
  /** Names by which it may be asked for, without port; left out, any will do. */
  readonly hosts?: readonly string[] | undefined;
  readonly limits: HttpLimits;
  /** How long headers may take; of the rest, the limits tell. */
  readonly times?: Omit<HttpTimes, 'requestMs'>;
}

/**
 * The HTTP source: `POST /eventos` takes JSON or NDJSON and answers 2xx only after Kafka acknowledged every accepted event.
 * Sending a request again is safe: events are told apart by their content.
 */
export async function createHttpSource(source: HttpSourceParts): Promise<FastifyInstance> {
  const { publisher, metrics, log, limits, keys, hosts, times = HTTP_TIMES } = source;
  const options = serverOptions({ ...times, requestMs: limits.requestTimeoutMs });
  const app = Fastify({
    ...options,
    http: { ...options.http, requireHostHeader: false },
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    return503OnClosing: true,
    clientErrorHandler: (error: ParserError, socket) => answerParserError(error, socket),
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply.header('x-request-id', request.id), problemOf(error)),
  });
  answerOddRequests(app);
  addHeaders(app);
  app.decorateRequest('carrier', undefined);
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log.error({ err: error, request: request.id }, 'request failed');
    return sendProblem(reply, problem);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const foreign = hosts === undefined ? null : foreignHost(request, hosts);
    if (foreign !== null) return sendProblem(reply, PROBLEMS.foreignHost(foreign));
  });
  readLeftovers(app);
  refuseUnknownRoutes(app);
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection kept open after its last answer would hold the stop up for as long as its client likes.
    if (stopping) reply.header('connection', 'close');
    done();
  });
  addHealthRoutes(app, source.health);
  const { sources } = source;
  const names = [...(sources?.served.keys() ?? []), ...(sources?.closed.keys() ?? [])].sort();
  await addDocs(app, { keysNeeded: keys !== undefined, limits, sources: names });

  const parts: PostParts = {
    intake: createIntake({ publisher, log, onPending: metrics.pending, ...limits }),
    validate: source.validate,
    decode: source.decode,
    metrics,
    carrierLimits: createCarrierLimits(),
    turns: createTurns(),
    maxEventsPerRequest: limits.maxEventsPerRequest,
  };
  const letIn = (request: FastifyRequest): Problem | null => {
    if (keys === undefined) return null;
    if (keys.lapsed() !== null) return PROBLEMS.keysUnreadable();
    const [, key] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    request.carrier = key === undefined ? undefined : keys.find(key);
    return request.carrier === undefined ? PROBLEMS.noKey() : null;
  };
  const ledger = createBodyLedger(limits);
  const tellAnswers = (scope: FastifyInstance) =>
    scope.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
      metrics.answered(statusCode, elapsedTime / 1000);
      const line = {
        request: request.id,
        carrier: carrierName(request.carrier),
        status: statusCode,
        ms: Math.round(elapsedTime),
      };
      log.info(line, 'answered');
      done();
    });
  await app.register((scope, _options, registered) => {
    scope.addHook('onRequest', async (request, reply) => {
      const problem = letIn(request);
      return problem === null ? undefined : sendProblem(reply, problem);
    });
    holdBodies(scope, ledger, senderOf);
    acceptBodies(scope, limits);
    tellAnswers(scope);
    scope.post('/eventos', async (request, reply) => {
      const post = { request, reply, carrier: request.carrier };
      const isStream = Symbol.asyncIterator in Object(request.body);
      return isStream ? postStream(post, parts) : postJson(post, parts);
    });
    registered();
  });
  if (sources !== undefined)
    await app.register((scope, _options, registered) => {
      tellAnswers(scope);
      guardSources(scope, sources, letIn);
      // Some of these are not known before their body is read: they take no room from carriers that are.
      holdBodies(
        scope,
        createBodyLedger({ ...limits, maxPendingBytes: limits.maxPendingBytes / 4 }),
        senderOf,
      );
      addSourceRoutes(scope, limits, { ...parts, sources, limits, letters: createLetters([]) });
      registered();
    });
  return app;
}

/** A caller's own id goes through, so that both sides' logs meet; anything odd gets a fresh one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

function problemOf(error: FastifyError | RefusedError): Problem {
  if (error instanceof RefusedError) return error.problem;
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return PROBLEMS.mediaType();
    case 'FST_ERR_REOPENED_CLOSE_SERVER':
      return PROBLEMS.overloaded('the service is stopping');
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return PROBLEMS.brokenOff();
    default:
      break;
  }
  const status = error.statusCode ?? 500;
  if (status === 503) return PROBLEMS.overloaded(error.message);
  return {
    status,
    type: status < 500 ? 'bad-request' : 'internal-error',
    title: status < 500 ? 'Bad request' : 'Internal error',
    detail:
      status < 500
        ? error.message
        : 'the request failed on our side; send it again, and tell the operator the request id',
  };
}
