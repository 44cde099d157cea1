import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createValidator } from '@rastreio/contract';
import { loadProfiles, readPayload, type LoadedProfiles } from './index';

const ROOT = path.resolve(__dirname, '../../..');
const FIXTURES = path.join(ROOT, 'packages/sources/fixtures');
const NOW = Date.parse('2026-11-27T00:00:00Z');

const validate = createValidator({ now: () => NOW, maxFutureSkewMs: 24 * 3_600_000 });

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
  const { unknownStatuses, problemsOmitted, ...reading } = await readPayload(profile, readFileSync(payload));
  expect(problemsOmitted).toBe(0);
  // Lines of profiles move with every comment in them.
  const problems = reading.problems.map((one) => ({
    ...one,
    detail: one.detail.replace(/, line \d+ /, ', line N '),
  }));
  // What the contract does not take of it: by place and field.
  const refused = reading.events.flatMap(({ where, event }) => {
    const result = validate(event);
    return result.ok ? [] : result.rejections.map(({ reason, field }) => ({ where, reason, field }));
  });
  const found = { ...reading, problems, refused, unknownStatuses: Object.fromEntries(unknownStatuses) };
  const expected = `${payload}.expected.json`;
  if (process.env.ACCEPT_READINGS === '1') writeFileSync(expected, `${JSON.stringify(found, null, 2)}\n`);
  expect(existsSync(expected)).toBe(true);
  expect(found).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
});

test('the contract takes all that the profiles read, but for the row of an export that has no tracking number', () => {
  const refused = cases.flatMap(([name, file]) => {
    const text = readFileSync(path.join(FIXTURES, name, `${file}.expected.json`), 'utf8');
    return (JSON.parse(text) as { refused: object[] }).refused;
  });
  expect(refused).toEqual([
    { where: 'line 5, column Data de postagem', reason: 'missing_field', field: 'id_pacote' },
  ]);
});
