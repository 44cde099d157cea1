import { isStorable } from '@rastreio/contract';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';
import { withClient } from '../connect/provision';
import { textArray } from './binaryArray';

test('what is sent in binary is what the server reads, for any texts', async () => {
  const server = SERVERS[0];
  if (server === undefined) throw new Error('no database was started');
  await withClient(server.adminUrl, (client) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 80 }).filter(isStorable), { maxLength: 200 }),
        async (texts) => {
          const { rows } = await client.query<{ texts: string[] }>('SELECT $1::text[] AS texts', [
            textArray(texts),
          ]);
          expect(rows).toEqual([{ texts }]);
        },
      ),
    ),
  );
});
