import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDecoder } from '@rastreio/contract';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import type { Log } from '@rastreio/runtime';
import { pull, type PullOptions } from '../src/pull/pull';
import { log } from './source';

export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** A carrier on loopback that answers as a test says. */
export interface Carrier {
  readonly url: string;
  readonly server: Server;
  answer: AnswerRequest;
  readonly close: () => void;
}

export async function startCarrier(): Promise<Carrier> {
  const server = createServer((request, response) => carrier.answer(request, response)).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const carrier: Carrier = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/eventos`,
    server,
    answer: (_request, response) => void response.writeHead(404).end(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return carrier;
}

/** What a run of the pull source did. */
export interface Pulled {
  readonly polls: string[];
  readonly messages: OutgoingMessage[];
  repeated: number;
  readonly warnings: string[];
  /** How long was waited after each failure, in milliseconds. */
  readonly delays: number[];
}

/** Pulls into an array until `done`, then stops. */
export async function pullUntil(
  done: (so: Pulled) => boolean,
  options: Pick<PullOptions, 'url' | 'stateFile'> & Partial<PullOptions>,
): Promise<Pulled> {
  const stop = new AbortController();
  const pulled: Pulled = { polls: [], messages: [], repeated: 0, warnings: [], delays: [] };
  const note = (line: { problem?: string; delayMs?: number }, text: string) => {
    pulled.warnings.push(line.problem ?? text);
    if (line.delayMs !== undefined) pulled.delays.push(line.delayMs);
  };
  const publisher: Publisher = {
    send: (messages) => Promise.resolve(void pulled.messages.push(...messages)),
    close: () => Promise.resolve(),
  };
  const running = pull({
    apiKey: 'secret',
    intervalMs: 5,
    timeoutMs: 60_000,
    publisher,
    decode: createDecoder(),
    log: { ...log, warn: note, error: note, info: () => undefined } as unknown as Log,
    signal: stop.signal,
    metrics: {
      published: () => undefined,
      repeated: (events) => (pulled.repeated += events),
      polled: (result) => pulled.polls.push(result),
    },
    backoff: { firstDelayMs: 5, maxDelayMs: 10 },
    ...options,
  });
  const ended = running.then(() => true);
  while (!done(pulled) && !(await Promise.race([ended, sleep(5, false)])));
  stop.abort();
  await running;
  return pulled;
}
