import { mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import fc from 'fast-check';
import { freePorts } from '../ports';
import { kafkaJars } from './vendor';
import { serverProperties } from './properties';
import { startKafka } from './start';

const environment = { ...process.env };
afterEach(() => (process.env = { ...environment }));

const FOLDER = 'Área de Trabalho, \\user #1 =!%s 包裹';

test('a broker in a folder of any name keeps its data and classes there, over restarts and without a locale', async () => {
  const jars = await kafkaJars();
  const base = await mkdtemp(path.join(tmpdir(), 'rastreio-path-'));
  const dir = path.join(base, FOLDER);
  const vendor = path.join(dir, 'vendor');
  await mkdir(vendor, { recursive: true });
  await symlink(jars, path.join(vendor, path.basename(jars)));
  Object.assign(process.env, { RASTREIO_VENDOR_DIR: vendor, LC_ALL: 'C', LANG: 'C' });
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const options = { dir, ports: { internal, external, controller } };
  let broker = await startKafka(options);
  try {
    const log = createLog('test', 'silent');
    const admin = createKafka({ brokers: broker.brokers, clientId: 'path-test', log }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] });
    await admin.disconnect();
    const classes = path.join(vendor, `${path.basename(jars)}-classes.jsa`);
    await broker.stop();
    expect((await stat(classes)).size).toBeGreaterThan(1_000_000);
    broker = await startKafka(options);
    await admin.connect();
    expect(await admin.listTopics()).toContain('kept');
    await admin.disconnect();
    expect(await readdir(path.join(dir, 'kafka', 'log'))).toContain('kept-0');
    expect(await readdir(base)).toEqual([FOLDER]);
  } finally {
    await broker.stop();
    await rm(base, { recursive: true, force: true });
  }
});

test('a setting of any text is read back as it was', () => {
  const ports = { internal: 1, external: 2, controller: 3 };
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [line = ''] = serverProperties(ports, { own: text })
        .split('\n')
        .filter((l) => l.startsWith('own='));
      expect(line).toMatch(/^[ -~]*$/);
      expect(javaValue(line.slice('own='.length))).toBe(text);
    }),
  );
});

/** What java.util.Properties makes of the text after the sign. */
function javaValue(text: string): string {
  return text
    .replace(/^[ \t\f]*/, '')
    .replace(/\\(u[0-9a-f]{4}|.)/g, (_all, escaped: string) =>
      escaped.length === 5 ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16)) : escaped,
    );
}
