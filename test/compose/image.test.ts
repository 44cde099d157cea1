import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { read, ROOT } from './render';

test('the commands on the image’s path can be run and start what is bundled and copied', () => {
  const folder = path.join(ROOT, 'docker/bin');
  const bundle = readFileSync(path.join(ROOT, 'scripts/bundle.mjs'), 'utf8');
  const dockerfile = readFileSync(path.join(ROOT, 'docker/Dockerfile'), 'utf8');
  const commands = readdirSync(folder);
  expect(commands).toEqual(['rastreio']);
  for (const command of commands) {
    const file = path.join(folder, command);
    const [, started = ''] = /^exec node \/app\/(\S+\.js) /m.exec(readFileSync(file, 'utf8')) ?? [];
    expect([command, statSync(file).mode & 0o111]).toEqual([command, 0o111]);
    expect(bundle).toContain(`'${started}'`);
    expect(dockerfile).toContain(`COPY --from=build /src/${path.dirname(started)} ${path.dirname(started)}`);
  }
});

/** What a linter knows to be wrong with a Dockerfile. */
function lint(text: string): string[] {
  const found = validate(text, {
    instructionCasing: ValidationSeverity.ERROR,
    deprecatedMaintainer: ValidationSeverity.ERROR,
    directiveCasing: ValidationSeverity.ERROR,
    emptyContinuationLine: ValidationSeverity.ERROR,
    instructionCmdMultiple: ValidationSeverity.ERROR,
    instructionEntrypointMultiple: ValidationSeverity.ERROR,
    instructionHealthcheckMultiple: ValidationSeverity.ERROR,
    instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
    instructionWorkdirRelative: ValidationSeverity.ERROR,
  });
  return found.map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`);
}

test('the Dockerfile has nothing that a linter knows to be wrong, and its stages end as a user', () => {
  const text = read('docker/Dockerfile');
  expect(lint(text)).toEqual([]);
  expect(validate('FROM a\nCOPPY x y\n').length).toBe(1);
  for (const image of text.matchAll(/^FROM (\S+)/gm)) expect(image[1]).toMatch(/:\d+\.\d+\.\d+/);
  expect(text).toMatch(/^USER node$/m);
});

test('what a Dockerfile copies from the repository is there, and what it starts can be run', () => {
  const copied = [...read('docker/Dockerfile').matchAll(/^COPY (?!--from)(?:--\S+ )*(.+) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );
  expect(copied.length).toBeGreaterThan(10);
  for (const source of copied) expect([source, existsSync(path.join(ROOT, source))]).toEqual([source, true]);
  const [, entry = ''] = /^ENTRYPOINT \["(\S+)"\]$/m.exec(read('docker/Dockerfile')) ?? [];
  expect(statSync(path.join(ROOT, `docker/${entry}.sh`)).mode & 0o111).toBe(0o111);
});

test('the image of the database is built from a version of its own, ends as PostgreSQL’s user, and is the one that Kubernetes takes', () => {
  const text = read('docker/Dockerfile.cnpg');
  expect(lint(text)).toEqual([]);
  const [, version] = /^FROM \S+:(\d+\.\d+)-standard-\w+$/m.exec(text) ?? [];
  expect(text).toMatch(/^USER 26\n$/m);
  expect(read('kubernetes/database/cluster.yaml')).toContain(`imageName: rastreio/database:${version}\n`);
});
