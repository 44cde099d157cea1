import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { MAX_URL_LENGTH, PROBLEMS, rawProblem, type Problem } from './problem';

/** What Node's HTTP parser tells about a connection that it gives up. */
export interface ParserError extends Error {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  /** A Buffer in truth; Fastify's types say what its JSON looks like. */
  readonly rawPacket?: unknown;
}

/** Answers what never became a request with a problem, as every other error is answered. */
export function answerParserError(error: ParserError, socket: Socket): void {
  // An answer that has begun cannot become another one.
  const begun = (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || begun) {
    socket.destroy(error);
    return;
  }
  socket.end(rawProblem(problemOfParser(error), randomUUID()), () => socket.destroy());
}

/** Answers the two kinds of request that Node does not hand to Fastify: CONNECT, and expectations other than 100-continue. */
export function answerOddRequests({ server }: FastifyInstance): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const problem = PROBLEMS.wrongMethod('CONNECT', ['GET', 'HEAD', 'POST']);
    socket.end(rawProblem(problem, randomUUID()), () => socket.destroy());
  });
  server.on('checkExpectation', ({ headers }: IncomingMessage, { socket }: ServerResponse) => {
    socket?.end(rawProblem(PROBLEMS.expectation(headers.expect ?? ''), randomUUID()), () => socket.destroy());
  });
}

/** The problem behind an error of the parser (llhttp's names of errors: https://github.com/nodejs/llhttp). */
export function problemOfParser({ code = '', message, reason, rawPacket }: ParserError): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return PROBLEMS.tooSlow('the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      // Without an end of the first line it was the address that was too long.
      return Buffer.isBuffer(rawPacket) && !rawPacket.includes('\n')
        ? PROBLEMS.longUrl(MAX_URL_LENGTH)
        : PROBLEMS.longHeaders();
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        ...PROBLEMS.tooLarge(16_384, false),
        detail: 'the extensions of a chunk are larger than 16384 bytes; send none',
      };
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return PROBLEMS.httpVersion();
    default:
      return PROBLEMS.badRequest(`this is no HTTP request: ${reason ?? message}`);
  }
}
