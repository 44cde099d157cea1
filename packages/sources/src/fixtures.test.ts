import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadProfiles, readPayload, type LoadedProfiles } from './index';

const ROOT = path.resolve(__dirname, '../../..');
const FIXTURES = path.join(ROOT, 'packages/sources/fixtures');
const NOW = Date.parse('2026-11-27T00:00:00Z');

let loaded: LoadedProfiles;
beforeAll(async () => (loaded = await loadProfiles(path.join(ROOT, 'config/sources'))));

const cases = readdirSync(FIXTURES).flatMap((name) =>
  readdirSync(path.join(FIXTURES, name))
    .filter((file) => !file.endsWith('.expected.json'))
    .map((file) => [name, file] as const),
);

test('every shipped profile is right, and has a fixture', () => {
  expect(loaded.problems).toEqual([]);
  expect([...new Set(cases.map(([name]) => name))].sort()).toEqual([...loaded.profiles.keys()].sort());
});

// After a change that is meant: ACCEPT_READINGS=1 npx jest packages/sources/src/fixtures, and look at what git diff shows.
test.each(cases)('%s reads %s as expected', async (name, file) => {
  const profile = loaded.profiles.get(name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  const payload = path.join(FIXTURES, name, file);
  const { unknownStatuses, ...reading } = await readPayload(profile, readFileSync(payload), NOW);
  // Lines of profiles move with every comment in them.
  const problems = reading.problems.map((one) => ({
    ...one,
    detail: one.detail.replace(/, line \d+ /, ', line N '),
  }));
  const found = { ...reading, problems, unknownStatuses: Object.fromEntries(unknownStatuses) };
  const expected = `${payload}.expected.json`;
  if (process.env.ACCEPT_READINGS === '1') writeFileSync(expected, `${JSON.stringify(found, null, 2)}\n`);
  expect(existsSync(expected)).toBe(true);
  expect(found).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
});
