import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { example, read, render, ROOT } from './render';

const { secrets, services } = render();
const all = Object.entries(services);

test('none has a default, stands in .env or in a variable: all are files, each read where it is mounted', () => {
  expect(Object.keys(example).filter((name) => /PASSWORD(?!_FILE)/.test(name))).toEqual(['GF_SMTP_PASSWORD']);
  expect(example.GF_SMTP_PASSWORD).toBe('');
  for (const [name, service] of all) {
    const settings = Object.entries(service.environment ?? {}).filter(([setting]) =>
      /PASSWORD/.test(setting),
    );
    const read_ = settings.flatMap(([setting, value]) =>
      setting.endsWith('_FILE') && typeof value === 'string' ? [value] : [],
    );
    const plain = settings.filter(
      ([setting, value]) => !/_FILE$/.test(setting) && value !== '' && value !== null,
    );
    expect([name, plain]).toEqual([name, []]);
    const mounted = (service.secrets ?? []).map((secret) => `/run/secrets/${secret}`);
    expect([name, [...new Set(read_)].sort()]).toEqual([name, mounted.sort()]);
  }
  for (const [name, { file }] of Object.entries(secrets)) expect(file).toBe(`./secrets/${name}`);
  expect(read('.gitignore')).toMatch(/^secrets\/$/m);
  expect(read('.dockerignore')).toMatch(/^secrets$/m);
});

test('are made by docker/make-secrets.sh: different, readable through the mount, and never made anew', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'rastreio-secrets-'));
  const folder = path.join(dir, 'with a space');
  const make = () =>
    execFileSync('sh', [path.join(ROOT, 'docker/make-secrets.sh'), folder], { encoding: 'utf8' });
  const content = () =>
    Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
    );
  try {
    make();
    const made = content();
    expect(Object.keys(made).sort()).toEqual(Object.keys(secrets).sort());
    for (const password of Object.values(made)) expect(password).toMatch(/^[\w-]{32}\n$/);
    expect(new Set(Object.values(made)).size).toBe(Object.keys(secrets).length);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'lote')).mode & 0o777).toBe(0o444);
    rmSync(path.join(folder, 'lote'));
    expect(make()).toMatch(/^made {2}.*lote$/m);
    expect({ ...content(), lote: made.lote }).toEqual(made);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('Grafana is given secrets from files as variables, whatever characters they have', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'rastreio-grafana-'));
  try {
    const secret = `a/b#c?d@e $HOME "x" 'y' \\ %`;
    writeFileSync(path.join(dir, 'secret'), `${secret}\n`);
    writeFileSync(path.join(dir, 'run.sh'), '#!/bin/sh\nprintf "%s|%s" "$GRAFANA_READER_PASSWORD" "$*"\n', {
      mode: 0o755,
    });
    const script = read('docker/grafana-start.sh').replace('/run.sh', path.join(dir, 'run.sh'));
    const said = execFileSync('sh', ['-c', script, 'grafana-start', 'a b'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, GRAFANA_READER_PASSWORD_FILE: path.join(dir, 'secret') },
    });
    expect(said).toBe(`${secret}|a b`);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
