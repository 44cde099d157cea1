import type { FastifyReply } from 'fastify';

/** Problem details, RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  /** One entry per fault found. */
  readonly errors?: readonly object[];
}

/** Answers with a problem as `application/problem+json`. */
export async function sendProblem(
  reply: FastifyReply,
  { retryAfterSeconds, ...problem }: Problem,
): Promise<FastifyReply> {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem, instance: `urn:request:${reply.request.id}` });
}
