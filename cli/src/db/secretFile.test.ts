import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROLES, withClient } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { freshDatabase, SERVERS } from '@rastreio/testing/servers';
import { escapeIdentifier, escapeLiteral } from 'pg';

test('a password of any characters is taken from a file, and a wrong one is not printed', async () => {
  const [server] = SERVERS;
  if (server === undefined) throw new Error('no server');
  const database = await freshDatabase(server);
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-secret-'));
  const role = `secret_${randomBytes(6).toString('hex')}`;
  const name = escapeIdentifier(role);
  const password = 'a/b#c?d@e:f%20&g "h" \'i\' $j \\';
  const url = new URL(database.ownerUrl);
  url.username = role;
  url.password = '';
  const file = path.join(dir, 'password');
  const status = () => runRastreio(['db', 'status'], { DATABASE_URL: url.href, PGPASSWORD_FILE: file });
  await withClient(server.adminUrl, async (client) => {
    try {
      await client.query(
        `CREATE ROLE ${name} LOGIN PASSWORD ${escapeLiteral(password)} IN ROLE ${escapeIdentifier(ROLES.owner)}`,
      );
      await writeFile(file, `${password}\n`);
      expect(await status()).toMatchObject({ code: 0, result: { pending: [] } });
      await writeFile(file, 'not-the-password');
      const wrong = await status();
      expect(wrong.code).not.toBe(0);
      expect(wrong.stderr).toMatch(/password authentication failed/);
      expect(wrong.stderr + wrong.stdout).not.toContain('not-the-password');
    } finally {
      await client.query(`DROP ROLE IF EXISTS ${name}`);
      await database.drop();
      await rm(dir, { recursive: true });
    }
  });
});
