import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPayload, readProfile } from '@rastreio/sources';

const PAGE = readFileSync(path.resolve(__dirname, '../docs/sources.md'), 'utf8');

/** The first block of code of a language, without its indentation. */
function block(language: string): string {
  const [, indent = '', text = ''] =
    new RegExp(`^( *)\`\`\`${language}\n(.*?)^ *\`\`\``, 'ms').exec(PAGE) ?? [];
  return text.replace(new RegExp(`^${indent}`, 'gm'), '');
}

test('the profile that docs/sources.md writes reads the payload beside it as the page says', async () => {
  const read = readProfile(block('yaml'), 'config/sources/minha.yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const reading = await readPayload(read.profile, Buffer.from(block('json')));
  expect(reading.problems).toEqual([]);
  expect(reading.unknownStatuses.size).toBe(0);
  expect(reading.events).toHaveLength(2);
  const prose = PAGE.replace(/\s+/g, ' ');
  const [first, second] = reading.events.map(({ where, event }) => {
    const when = String(event.data_atualizacao).replace('.000000Z', 'Z');
    return { where, status: String(event.status_rastreamento), when };
  });
  expect(prose).toContain(`\`${first?.where}\` is ${first?.status} at ${first?.when}`);
  expect(prose).toContain(`\`${second?.where}\` ${second?.status} at ${second?.when}`);
});
