import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT, OperatorError } from './exitCodes';
import { takeSecretFiles } from './secretFiles';

let dir: string;
beforeAll(() => (dir = mkdtempSync(path.join(tmpdir(), 'rastreio-secrets-'))));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string): string {
  const written = path.join(dir, name);
  writeFileSync(written, content);
  return written;
}

function failure(env: Record<string, string | undefined>): OperatorError {
  try {
    takeSecretFiles(env);
  } catch (error) {
    if (error instanceof OperatorError) return error;
  }
  throw new Error('it was taken');
}

test.each([
  ['a/b#c?d@e:%f&g h"i\'j$k\\', 'a/b#c?d@e:%f&g h"i\'j$k\\'],
  ['one line\n', 'one line'],
  ['from Windows\r\n', 'from Windows'],
  ['its own line ends stay\n\n', 'its own line ends stay\n'],
  ['ação 🚚', 'ação 🚚'],
])('a secret is what stands in the file: %j', (content, secret) => {
  const env = { PGPASSWORD_FILE: file('secret', content), PGPASSWORD: '' };
  takeSecretFiles(env);
  // As in a command that runs a service.
  takeSecretFiles(env);
  expect(env).toMatchObject({ PGPASSWORD: secret });
});

test.each(['PULL_API_KEY', 'RASTREIO_API_KEY', 'GRAFANA_TOKEN', 'KAFKA_SASL_PASSWORD'])(
  '%s may come so',
  (name) => {
    const env: Record<string, string> = { [`${name}_FILE`]: file('secret', 'of a file\n') };
    takeSecretFiles(env);
    expect(env[name]).toBe('of a file');
  },
);

test('without files, and with empty variables, nothing changes', () => {
  const env = { PGPASSWORD: 'x', PGPASSWORD_FILE: '', HOME_FILE: '/none' };
  takeSecretFiles(env);
  expect(env).toEqual({ PGPASSWORD: 'x', PGPASSWORD_FILE: '', HOME_FILE: '/none' });
});

test('a file that is not there, empty, or beside the setting itself ends the start, and no message has the secret', () => {
  const given = file('given', 'hidden-word');
  for (const [env, says] of [
    [{ PGPASSWORD_FILE: path.join(dir, 'none') }, /PGPASSWORD_FILE=.*none cannot be read \(ENOENT\)/],
    [{ PGPASSWORD_FILE: dir }, /cannot be read \(EISDIR\)/],
    [{ NOTICES_TOKEN_FILE: file('empty', '\n') }, /NOTICES_TOKEN_FILE=.* is empty/],
    [{ PGPASSWORD_FILE: given, PGPASSWORD: 'hidden-too' }, /PGPASSWORD and PGPASSWORD_FILE are both set/],
  ] as const) {
    const error = failure({ ...env });
    expect(error.exitCode).toBe(EXIT.config);
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain('hidden');
  }
});
