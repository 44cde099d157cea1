import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FILES = {
  'packages/testing/src/servers.ts': 'export const SERVERS = []; export type TestServer = { name: string };',
  'packages/testing/src/kafka.ts': "export const KAFKA_BROKERS = '';",
  'packages/testing/src/topic.ts': "import { SERVERS } from './servers'; export const topic = SERVERS;",
  'test/both.test.ts': "import './straight.test'; import '@rastreio/testing/kafka';",
  'test/straight.test.ts': "import { SERVERS } from '@rastreio/testing/servers'; test.each(SERVERS);",
  'services/a/src/through.test.ts': "import { topic } from '@rastreio/testing/topic'; test(topic);",
  'services/a/src/types.test.ts':
    "import { type TestServer } from '@rastreio/testing/servers'; let a: TestServer;",
  'packages/a/src/circle.test.ts': "import './circle'; test('a');",
  'packages/a/src/circle.ts': "import './other';",
  'packages/a/src/other.ts': "import './circle'; import 'kafkajs';",
  'packages/a/dist/old.test.ts': '',
  'stack/node_modules/a/their.test.ts': '',
  'test/gallery/gallery.test.ts': '',
  'cli/src/command.test.ts': '',
};

test('a file is of the project whose servers it imports, be it through others', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'rastreio-projects-'));
  try {
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    // jest cannot load an .mjs file, and its configuration has to be one.
    const script = `import { testFiles } from ${JSON.stringify(path.join(__dirname, 'projects.mjs'))};
      console.log(JSON.stringify(testFiles(${JSON.stringify(root)})))`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual({
      kafka: ['test/both.test.ts'],
      db: ['services/a/src/through.test.ts', 'test/straight.test.ts'],
      unit: ['packages/a/src/circle.test.ts', 'services/a/src/types.test.ts', 'cli/src/command.test.ts'],
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
