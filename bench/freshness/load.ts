import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export interface Load {
  /** Events per second. */
  readonly rate: number;
  readonly seconds: number;
  /** Number of the first parcel; every event is one of a parcel of its own. */
  readonly firstId: number;
}

export interface Sent {
  /** When each event was meant to be sent, on performance.now()'s clock, in the order of the parcel numbers. */
  readonly dueMs: Float64Array;
  /** How long each request took to be answered, from when it was meant to be sent. */
  readonly acceptedMs: Float64Array;
  /** How late each request was sent. */
  readonly lateMs: Float64Array;
}

/** More requests would make the load generator compete with what it measures: above this rate events go in arrays. */
const MAX_REQUESTS_PER_S = 100;
const CONNECTIONS = 64;
const PLACES = ['Natal', 'Recife', 'Manaus', 'Curitiba', 'São Paulo', 'Belém'] as const;

/** How many events one request carries, and how many there are in all. */
export function shapeOf({ rate, seconds }: Pick<Load, 'rate' | 'seconds'>): { size: number; events: number } {
  const size = Math.ceil(rate / MAX_REQUESTS_PER_S);
  return { size, events: size * Math.ceil((rate * seconds) / size) };
}

/**
 * Posts events at a steady rate, whether or not earlier requests have been answered (an open loop: a slow server does not slow
 * down the load, and waiting counts). @throws Error when a request is not answered with 202
 */
export async function postSteadily(url: string, load: Load): Promise<Sent> {
  const { size, events } = shapeOf(load);
  const requests = events / size;
  const dueMs = new Float64Array(events);
  const acceptedMs = new Float64Array(requests);
  const lateMs = new Float64Array(requests);
  const pool = new Pool(url, { connections: CONNECTIONS });
  const post = async (request: number, due: number) => {
    const { statusCode, body } = await pool.request({
      path: '/eventos',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bodyOf(load.firstId + request * size, size),
    });
    const answer = await body.text();
    acceptedMs[request] = performance.now() - due;
    if (statusCode !== 202) throw new Error(`POST /eventos was answered with ${statusCode}: ${answer}`);
  };
  const answers: Promise<void>[] = [];
  let failure: Error | undefined;
  const startMs = performance.now();
  for (let request = 0; request < requests; request++) {
    const due = startMs + ((request * size) / load.rate) * 1000;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    dueMs.fill(due, request * size, (request + 1) * size);
    lateMs[request] = performance.now() - due;
    answers.push(post(request, due).catch((error: Error) => void (failure ??= error)));
  }
  await Promise.all(answers);
  await pool.close();
  if (failure !== undefined) throw failure;
  return { dueMs, acceptedMs, lateMs };
}

function bodyOf(firstId: number, size: number): string {
  const data_atualizacao = new Date().toISOString();
  const events = Array.from({ length: size }, (_, i) => ({
    id_pacote: firstId + i,
    origem: PLACES[(firstId + i) % PLACES.length],
    destino: PLACES[(firstId + i + 1) % PLACES.length],
    status_rastreamento: 'POSTADO',
    data_atualizacao,
  }));
  return JSON.stringify(size === 1 ? events[0] : events);
}
