import { runRastreio } from '@rastreio/testing/command';
import { allCommands } from './program';

test('every command has --json but services and what prints or runs something else', async () => {
  const without = (await allCommands()).filter(
    ({ command: { options } }) => !options.some(({ long }) => long === '--json'),
  );
  expect(without.map(({ name }) => name)).toEqual(['http', 'pull', 'notices', 'bench', 'completion']);
});

test('an option means the same and is read from the same variable wherever it stands', async () => {
  const meanings = new Map<string, Set<string>>();
  for (const { command } of await allCommands())
    for (const { long, envVar, flags } of command.options)
      if (envVar !== undefined && long)
        meanings.set(long, (meanings.get(long) ?? new Set()).add(`${flags} ${envVar}`));
  expect([...meanings.keys()]).toEqual(
    expect.arrayContaining(['--database-url', '--brokers', '--url', '--stack']),
  );
  for (const [long, found] of meanings) expect([long, [...found]]).toEqual([long, [expect.any(String)]]);
});

test('every command tells its exit codes', async () => {
  for (const { name, command } of await allCommands()) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    if (name !== 'bench')
      expect([name, help]).toEqual([name, expect.stringMatching(/Exit codes: 0 .*2 usage/s)]);
  }
});

test.each([
  ['simulate', ['simulate', '--seed', '7', '--start', '2026-09-01T00:00:00Z', '--count', '20', '--dry-run']],
  ['key', ['key', 'correios']],
  ['grafana:lint', ['grafana', 'lint']],
])('%s --json leaves one JSON object on stdout and nothing on stderr', async (command, args) => {
  const ran = await runRastreio([...args, '--json']);
  expect(ran).toMatchObject({ code: 0, stderr: '', result: { command } });
  expect(ran.stdout.trimEnd().split('\n')).toHaveLength(1);
});

test.each([
  [['db', 'status'], /Give --database-url or set DATABASE_URL: no stack runs in .*npm start/],
  [['dlq', 'list', '--json'], /Give --database-url/],
  [['grafana', 'apply'], /Give --url or set GRAFANA_URL: no stack runs/],
  [['nonsense'], /unknown command/],
])('%j without anything to work on: exit code 2', async (args, message) => {
  const ran = await runRastreio(args, { DATABASE_URL: '', GRAFANA_URL: '' });
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toMatch(message);
});
