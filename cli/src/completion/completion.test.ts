import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');

/** What a real bash has in COMPREPLY after these words, the last of which is being typed. */
function complete(...words: string[]): string[] {
  const script = `
    source <(rastreio completion bash)
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    "$(complete -p rastreio | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...process.env, PATH: `${path.join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` };
  const child = spawnSync('bash', ['-c', script, 'bash', 'rastreio', ...words], { encoding: 'utf8', env });
  expect(child.stderr).toBe('');
  return child.stdout.split('\n').filter((line) => line !== '');
}

test.each([
  ['commands', ['d'], ['doctor', 'db', 'dlq']],
  [
    'commands of a group',
    ['db', ''],
    ['migrate', 'provision', 'status', 'verify', 'rebuild', 'retain', 'promises', 'help'],
  ],
  ['options', ['dlq', 'list', '--rea'], ['--reason']],
  ['choices of an option', ['dlq', 'list', '--limit', '5', '--reason', 'naive'], ['naive_timestamp']],
  ['choices of an argument', ['completion', ''], ['bash', 'zsh', 'fish']],
  ['nothing where a value is free, so that bash completes names of files', ['import', 'fix'], []],
  ['nothing of what is typed is run', ['db', '$(echo status)'], []],
])('%s', (_what, words, expected) => {
  expect(complete(...words)).toEqual(expected);
});
