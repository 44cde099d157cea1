import type { ClientBase } from 'pg';
import { createUpkeep } from './upkeep';

test('tables are seen to at the first writing, at a thousand rows, and then whenever they have doubled', async () => {
  const asked: string[] = [];
  const owner = { query: (sql: string) => Promise.resolve(asked.push(sql)) };
  const upkeep = createUpkeep(owner as unknown as ClientBase);
  const times = async (...written: readonly number[]) => {
    for (const rows of written) await upkeep(rows);
    return asked.length;
  };
  expect(await times(0)).toBe(1);
  expect(await times(999)).toBe(1);
  expect(await times(1)).toBe(2);
  expect(await times(500, 499)).toBe(2);
  expect(await times(1)).toBe(3);
  expect(await times(100_000)).toBe(4);
  expect(await times(100_000, 1_999)).toBe(4);
  expect(await times(1)).toBe(5);
});

test('what was taken care of before counts', async () => {
  const asked: string[] = [];
  const owner = { query: (sql: string) => Promise.resolve(asked.push(sql)) };
  const upkeep = createUpkeep(owner as unknown as ClientBase, 5_000);
  for (const rows of [0, 4_999]) await upkeep(rows);
  expect(asked).toHaveLength(0);
  await upkeep(1);
  expect(asked).toHaveLength(1);
});
