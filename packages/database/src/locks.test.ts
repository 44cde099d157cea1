import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LOCKS } from './locks';
import { MIGRATIONS_DIR } from './migrate';

const SQL = readdirSync(MIGRATIONS_DIR).map((file) => readFileSync(path.join(MIGRATIONS_DIR, file), 'utf8'));
/** Locks that SQL itself takes; the others are taken by TypeScript alone. */
const IN_SQL = [LOCKS.slice, LOCKS.schema, LOCKS.promises];

test('SQL locks nothing but the locks of the table, each by its number', () => {
  const taken = SQL.flatMap((sql) => [...sql.matchAll(/advisory\w*\(\s*([^,)]+)/g)].map(([, what]) => what));
  const numbers = SQL.flatMap((sql) => [...sql.matchAll(/\b762\d{3}\b/g)].map(([number]) => Number(number)));
  expect([...new Set(taken)].sort()).toEqual(['762002', '762003', 'espaco']);
  expect([...new Set(numbers)].sort()).toEqual(IN_SQL);
});

test('no two locks have one number', () => {
  const numbers = Object.values(LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});
