// Bundles each service and command into one file for the container images: no node_modules at run time.
// The output stands three folders below the root, as the sources do, so that sql/ and dashboards/ are found the same way.
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const entries = {
  'packages/database/dist/cli': 'packages/database/src/cli.ts',
  'packages/deadletters/dist/cli': 'packages/deadletters/src/cli.ts',
  'packages/kafka/dist/cli': 'packages/kafka/src/cli.ts',
  'stack/dist/grafanaContent': 'stack/src/grafana/contentCommand.ts',
  'services/consumer/dist/main': 'services/consumer/src/main.ts',
  'services/producer/dist/main': 'services/producer/src/main.ts',
};
await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  // pg's optional native binding is not used.
  external: ['pg-native'],
  logLevel: 'warning',
});

// The API page's scripts and styles. Its plugin looks for them one folder above its own file, and for its logo beside it.
const page = path.join(root, 'node_modules/@fastify/swagger-ui/static');
await cp(page, path.join(root, 'services/producer/static'), { recursive: true });
await cp(path.join(page, 'logo.svg'), path.join(root, 'services/producer/dist/static/logo.svg'));
