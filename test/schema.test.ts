import path from 'node:path';
import { freshDatabase, SERVERS } from '@rastreio/testing/servers';
import { schemaFiles } from '../scripts/schema/files';

test('sql/schema.sql and docs/schema.md are what a fresh database has: npm run schema:write', async () => {
  const [plain] = SERVERS;
  if (plain === undefined) throw new Error('no server');
  const database = await freshDatabase(plain);
  try {
    for (const { file, before, after } of await schemaFiles(database.adminUrl))
      expect([path.basename(file), after]).toEqual([path.basename(file), before]);
  } finally {
    await database.drop();
  }
});
