import { createDecoder, createValidator } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { FastifyInstance } from 'fastify';
import { createHttpMetrics } from '../src/http/metrics';
import { createHttpSource, type HttpSourceParts } from '../src/http/server';

export const log = createLog('test', 'silent');

/** Small, so that a test reaches them. */
export const LIMITS = {
  maxBodyBytes: 4096,
  maxUnpackedBytes: 1_000_000,
  maxEventsPerRequest: 3,
  maxPendingEvents: 5_000,
  maxPendingBytes: 1_000_000,
  ackTimeoutMs: 5_000,
  requestTimeoutMs: 60_000,
  bodyStallMs: 60_000,
  bodyBytesPerSecond: 1,
};

export const EVENT = {
  id_pacote: 77,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'entregue',
  data_atualizacao: '2025-10-13T17:40:00Z',
};
export const WRONG = { ...EVENT, id_pacote: -1, destino: '' };

export const metrics = createHttpMetrics();

/** Takes everything and keeps nothing: for what does not depend on Kafka. */
export const NOWHERE: Publisher = { send: () => Promise.resolve(), close: () => Promise.resolve() };

/** An HTTP source for tests, not listening yet. */
export function openSource(parts: Partial<HttpSourceParts> = {}): Promise<FastifyInstance> {
  return createHttpSource({
    publisher: NOWHERE,
    validate: createValidator(),
    decode: createDecoder(),
    metrics,
    health: { notReady: () => null },
    log,
    limits: LIMITS,
    ...parts,
  });
}

export interface Asked {
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** Posts a body: JSON of a value, or a text or bytes as they are. */
export function post(
  to: FastifyInstance,
  payload: unknown,
  { type = 'application/json', headers = {} }: Asked = {},
) {
  return to.inject({
    method: 'POST',
    url: '/eventos',
    headers: { 'content-type': type, ...headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
}

/** Posts values, one a line. */
export function postLines(to: FastifyInstance, lines: readonly unknown[]) {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return post(to, text, { type: 'application/x-ndjson' });
}
