import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placeOf, type Finding } from '../../src/doctor';
import type { Place } from '../../src/doctor/types';
import type { RunningStack } from '../../src/running';

/** Breaks one thing, for real where a test can, and names what must be said. */
export type Break = readonly [
  code: string,
  what: string,
  level: Finding['level'],
  words: string,
  place: () => Promise<Place>,
];

/** What an earlier start wrote of itself, whose id some other process has by now. */
export const DEAD = JSON.stringify({ pid: 1, startTime: 'long ago' });

let dir: string;
const closing: (() => unknown)[] = [];

/** Makes the folder of one test. */
export async function begin(): Promise<void> {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-doctor-'));
}

/** Takes away what the test has made. */
export async function end(): Promise<void> {
  for (const close of closing.splice(0)) await close();
  await rm(dir, { recursive: true, force: true });
}

/** The folder of this test. */
export const here = (): string => dir;

/** Is called at the end of the test. */
export const closeLater = (close: () => unknown): void => void closing.push(close);

/** A place of this checkout, with an empty folder and nothing in the environment but the usual. */
export function wellPlace(changes: Partial<Place> = {}): Place {
  const { PATH, HOME } = process.env;
  return { ...placeOf(path.join(dir, 'stack'), {}, { PATH, HOME }), ...changes };
}

/** A place with that much room, else with enough. */
export function room(changes: Partial<Awaited<ReturnType<Place['statfs']>>> = {}): Place {
  const enough = { bavail: 2 ** 30, bsize: 4096, files: 1_000_000, ffree: 1_000_000, ...changes };
  return wellPlace({ statfs: () => Promise.resolve(enough) });
}

/** An environment with programs that print this before all others on PATH. */
export async function pathWith(programs: Record<string, string>): Promise<Place['env']> {
  const folder = path.join(dir, 'bin');
  await mkdir(folder);
  for (const [name, text] of Object.entries(programs))
    await writeFile(path.join(folder, name), `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
  return { PATH: `${folder}${path.delimiter}${process.env.PATH}` };
}

/** Writes a file into the test's folder, which is the result. */
export async function file(name: string, text: string): Promise<string> {
  const place = path.join(dir, name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, text);
  return dir;
}

/** Writes a file into the stack's folder. */
export async function stackFile(name: string, text: string): Promise<string> {
  return path.join(await file(path.join('stack', name), text), 'stack', name);
}

/** A port that is taken until the end of the test. */
export const listening = (): Promise<number> => portOf(createServer());

/** The port of a service that answers so. */
export const answering = (listener: RequestListener): Promise<number> => portOf(createHttp(listener));

async function portOf(server: Server | HttpServer): Promise<number> {
  closeLater(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens any more. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** A place where a stack runs, as its note says; nothing of it answers unless told otherwise. */
export async function runningAt(changes: Partial<RunningStack>): Promise<Place> {
  const port = await deadPort();
  const stack: RunningStack = {
    dir,
    brokers: `127.0.0.1:${port}`,
    databaseUrlAs: () => `postgresql://u:p@127.0.0.1:${port}/rastreio`,
    grafana: null,
    ports: undefined,
    ...changes,
  };
  return wellPlace({ running: () => Promise.resolve(stack) });
}
