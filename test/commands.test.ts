import { readFile } from 'node:fs/promises';
import { commandsPage, PAGE } from '../scripts/commands/page';

test('docs/commands.md says what the program says; npm run docs:write makes it so', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(await commandsPage());
});
