import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../ports';
import { startKafka } from './start';
import { kafkaJars } from './vendor';

const environment = { ...process.env };
afterEach(() => (process.env = { ...environment }));

test('a virtual machine that knows nothing of kept classes starts Kafka without them', async () => {
  const jars = await kafkaJars();
  const real = execFileSync('which', ['java'], { encoding: 'utf8' }).trim();
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-classes-'));
  const [bin, vendor, refused] = ['bin', 'vendor', 'refused'].map((name) => path.join(dir, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([mkdir(bin), mkdir(vendor)]);
  const script = `#!/bin/sh\ncase "$*" in *-Xlog:cds*) echo refused >> '${refused}'; exit 1;; esac\nexec '${real}' "$@"\n`;
  await writeFile(path.join(bin, 'java'), script, { mode: 0o755 });
  await symlink(jars, path.join(vendor, path.basename(jars)));
  Object.assign(process.env, { PATH: `${bin}:${process.env.PATH}`, RASTREIO_VENDOR_DIR: vendor });
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const broker = await startKafka({ dir, ports: { internal, external, controller } });
  try {
    expect(await readFile(refused, 'utf8')).toBe('refused\n');
    expect(broker.isRunning()).toBe(true);
  } finally {
    await broker.stop();
  }
  expect(existsSync(path.join(vendor, `${path.basename(jars)}-classes.jsa`))).toBe(false);
  await rm(dir, { recursive: true, force: true });
});
