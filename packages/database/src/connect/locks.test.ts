import { LOCKS } from './locks';
import { readFunctionSet, readMigrations } from '../schema/files';

/** Locks that SQL itself takes; the others are taken by TypeScript alone. */
const IN_SQL = [LOCKS.slice, LOCKS.schema, LOCKS.promises, LOCKS.places];

test('SQL locks nothing but the locks of the table, each by its number', async () => {
  const files = [...(await readMigrations()), ...(await readFunctionSet()).files];
  const taken = files.flatMap(({ sql }) =>
    [...sql.matchAll(/advisory\w*\(\s*([^,)]+)/g)].map(([, what]) => what),
  );
  const numbers = files.flatMap(({ sql }) =>
    [...sql.matchAll(/\b762\d{3}\b/g)].map(([number]) => Number(number)),
  );
  expect([...new Set(taken)].sort()).toEqual(['762002', '762003', '762007', 'espaco']);
  expect([...new Set(numbers)].sort()).toEqual(IN_SQL);
});

test('no two locks have one number', () => {
  const numbers = Object.values(LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});
