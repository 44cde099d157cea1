import { randomBytes } from 'node:crypto';
import { emptyDatabase, MATRIX } from '@rastreio/testing/servers';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { asRole, withClient } from './provision';
import { ROLES } from './roles';
import { scramVerifier } from './scram';

test('it is what PostgreSQL keeps of the password and salt of RFC 7677’s example', () => {
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('what clients make one of is one: widths, compositions, kinds of spaces, what is not seen', () => {
  const salt = Buffer.alloc(16);
  const same = [
    ['\u00e7', 'c\u0327'],
    ['\u338f', 'kg'],
    ['a\u00a0b', 'a b'],
    ['a\u00adb', 'ab'],
  ] as const;
  for (const [a, b] of same) expect(scramVerifier(a, salt)).toBe(scramVerifier(b, salt));
  expect(scramVerifier('a', salt)).not.toBe(scramVerifier('A', salt));
});

describe.each(MATRIX)('$name', (server) => {
  test('no statement that makes or alters our roles has a password', async () => {
    const query = jest.spyOn(Client.prototype, 'query');
    const db = await emptyDatabase(server);
    const sent = query.mock.calls.map(([text]) => String(text)).filter((text) => /PASSWORD/i.test(text));
    query.mockRestore();
    await db.drop();
    expect(sent).toHaveLength(Object.keys(ROLES).length);
    expect(sent.filter((text) => !/PASSWORD 'SCRAM-SHA-256\$4096:/.test(text))).toEqual([]);
  });

  test.each(['plain', `with ' and " and $ and \\`, 'ação é'])('a role gets in with %j', async (password) => {
    const role = `scram_${randomBytes(6).toString('hex')}`;
    const name = escapeIdentifier(role);
    await withClient(server.adminUrl, async (client) => {
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`);
      try {
        await withClient(asRole(server.adminUrl, role, password), (other) => other.query('SELECT 1'));
      } finally {
        await client.query(`DROP ROLE ${name}`);
      }
    });
  });
});
