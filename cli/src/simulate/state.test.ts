import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '@rastreio/runtime';
import { Command } from 'commander';
import { addOptions, type SimulateOptions } from './options';
import { prepareRun } from './run';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-11-26T12:00:00Z');

let dir: string;
beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-state-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

/** What is said of going on from a state that has sent everything until then. */
async function warnings(sentUntilMs: number, world: number): Promise<string[]> {
  const file = path.join(dir, 'state.json');
  const state = { world, seed: 7, rate: 1, startMs: NOW_MS - 3 * DAY_MS, sentUntilMs };
  await writeFile(file, JSON.stringify(state));
  const said: string[] = [];
  const log = { warn: (_details: object, text: string) => void said.push(text) } as unknown as Log;
  const options = addOptions(new Command())
    .parse(['--state', file], { from: 'user' })
    .opts<SimulateOptions>();
  await prepareRun(options, NOW_MS, log);
  return said;
}

test.each([
  ['of now', 3],
  ['of an older version', 1],
])('a state %s that is ahead of the clock says until when nothing is sent', async (_what, world) => {
  const said = await warnings(NOW_MS + 2 * DAY_MS, world);
  expect(said[0]).toMatch(
    /until 2026-11-28T12:00:00Z.*clock says 2026-11-26T12:00:00Z.*delete .*state\.json/,
  );
});

test('a state of the past says nothing of the clock', async () => {
  expect(await warnings(NOW_MS - DAY_MS, 3)).toEqual([]);
});
