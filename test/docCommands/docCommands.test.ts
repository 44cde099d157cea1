import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createProgram } from '../../cli/src/program';
import { FATES, fateOf } from './fates';
import { printedCommands } from './find';
import { wordsOf } from './words';

const ROOT = path.resolve(__dirname, '../..');
const scriptsOf = (folder: string) =>
  (
    JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    }
  ).scripts ?? {};
const PRINTED = printedCommands();
const COMMANDS = [...new Set(PRINTED.map(({ text }) => text))].sort();

test('the commands of the pages are found', () => {
  expect(COMMANDS.length).toBeGreaterThan(100);
  expect(COMMANDS).toContain('npm run dlq -- list --summary');
  expect(COMMANDS.filter((command) => command.startsWith('curl')).every((c) => c.includes('http://'))).toBe(
    true,
  );
});

test('each is run against a stack, or it is said why not; of what is said, nothing is out of use', () => {
  expect(PRINTED.filter(({ text }) => fateOf(text) === undefined)).toEqual([]);
  const used = FATES.filter(([pattern]) => COMMANDS.some((command) => pattern.test(command)));
  expect(FATES.filter((fate) => !used.includes(fate)).map(([pattern]) => String(pattern))).toEqual([]);
});

/** The arguments for `rastreio` that a command stands for; undefined where it is another program. */
function argumentsOf(words: readonly string[]): readonly string[] | undefined {
  if (words[0] === 'npx' && words[1] === 'rastreio') return words.slice(2);
  const script = /^(?:rastreio|node cli\/bin\/rastreio\.mjs) (.+)$/.exec(
    scriptsOf('.')[scriptIn(words) ?? ''] ?? '',
  )?.[1];
  if (script === undefined) return undefined;
  const dashes = words.indexOf('--');
  return [...script.split(' '), ...(dashes < 0 ? [] : words.slice(dashes + 1))];
}

function scriptIn(words: readonly string[]): string | undefined {
  const at = words.indexOf('run');
  return words[0] === 'npm' && at > 0 ? words.slice(at + 1).find((word) => !word.startsWith('-')) : undefined;
}

/** Commands of ours with their arguments; those that only name one of a group, or say in capitals what is to be put there, are no lines to parse. */
const OURS = COMMANDS.flatMap((command) => {
  const words = wordsOf(command.replace(/\s\|.*|\s>>.*/, '').replace(/^([A-Z_]+=\S+ )+/, ''));
  const args = argumentsOf(words);
  const whole = words.includes('--') || words[0] === 'npx';
  return args === undefined || !whole || args.length === 0 || args[0] === 'COMMAND'
    ? []
    : [[command, args] as const];
});

test.each(OURS)('%s is a command line that the program understands', async (_command, args) => {
  const program = await createProgram(args);
  let leaf = program;
  for (const word of args) leaf = leaf.commands.find((sub) => sub.name() === word) ?? leaf;
  const done = jest.fn();
  leaf.action(done);
  const writes = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockReturnValue(true),
  );
  const names = ['show', 'replay', 'list'];
  try {
    await program.parseAsync([...args], { from: 'user' });
    expect(done).toHaveBeenCalled();
  } catch (error) {
    const { code } = error as { code?: string };
    // Of `dlq -- show` in a sentence the place is left out.
    const nameAlone = names.includes(args.at(-1) ?? '') && code === 'commander.missingArgument';
    expect([args, nameAlone ? 'commander.helpDisplayed' : (code ?? error)]).toEqual([
      args,
      'commander.helpDisplayed',
    ]);
  } finally {
    for (const write of writes) write.mockRestore();
  }
});

test('every npm script, workspace and test that a page names is there', () => {
  for (const command of COMMANDS.flatMap((line) => line.split(' && '))) {
    const words = wordsOf(command);
    const workspace =
      words[0] === 'npm' && words.includes('-w') ? (words[words.indexOf('-w') + 1] ?? '') : '.';
    const script = scriptIn(words);
    if (script !== undefined)
      expect([command, scriptsOf(workspace)[script]]).toEqual([command, expect.any(String)]);
    const end = words.indexOf('-t');
    if (words[1] === 'jest')
      for (const place of words.slice(2, end < 0 ? undefined : end))
        expect([
          command,
          existsSync(path.join(ROOT, place)) || existsSync(path.join(ROOT, `${place}.test.ts`)),
        ]).toEqual([command, true]);
  }
});

test('a command that is new in the pages has no fate, and one that is misspelt is found', () => {
  expect(fateOf('npx rastreio parcels --all')).toBeUndefined();
  expect(fateOf('curl http://localhost:8080')).toBeDefined();
  expect(argumentsOf(wordsOf(`npm run dlq -- replay --note "a b" --set x='y z'`))).toEqual([
    ...['dlq', 'replay', '--note', 'a b'],
    ...['--set', 'x=y z'],
  ]);
});
