import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { installAsHere, runBuildSteps, type Built } from './buildSteps';

let dir: string;
let built: Built;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-image-'));
  built = await runBuildSteps(dir, installAsHere);
}, 600_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs a program of the services' image as a container would, but for Node's version and the isolation. */
async function program(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const cwd = built.workdirOf('services');
  const PATH = process.env.PATH ?? '';
  const child = spawn(process.execPath, args, { cwd, env: { PATH, NODE_ENV: 'production', ...env } });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { code, output: stdout + stderr };
}
const rastreio = (...args: string[]) => program(['cli/dist/rastreio.js', ...args]);

test.each([
  [['--help'], 0, /Rastreio: parcel tracking/],
  [['simulate', '--help'], 0, /Exit codes/],
  [['key', 'correios'], 0, /sha256/],
  [['completion', 'bash'], 0, /complete -o/],
  [['source', 'list'], 0, /correios-sro/],
  [['source', 'try', 'none', 'x'], 2, /There is no profile "none"/],
  [['status', 'unknown'], 2, /Give --database-url or set DATABASE_URL/],
  [['simulate', '--count', '20', '--out', '-'], 0, /"id_pacote"/],
  [['parcel', 'reopen'], 2, /either --all/],
  [['db', 'status'], 2, /Give --database-url or set DATABASE_URL/],
  [['db', 'provision', '--own-server'], 2, /--admin-url/],
  [['grafana', 'fill'], 78, /GRAFANA_CONTENT_DIR/],
  [['grafana', 'apply', '--dry-run'], 2, /Give --url or set GRAFANA_URL/],
  // These want a checkout, and say so.
  [['grafana', 'lint'], 2, /needs provisioning\/datasources.* lacks: run it in a checkout/],
  [['grafana', 'check'], 2, /run it in a checkout/],
  [['doctor'], 2, /needs package\.json.* lacks: run it in a checkout/],
  [['bench', 'consumer'], 2, /needs bench\/main\.ts.* lacks: run it in a checkout/],
])('in the image "rastreio %j" ends with %i', async (args, code, said) => {
  const done = await rastreio(...args);
  expect(done.output).toMatch(said);
  expect(done.output).not.toMatch(/ENOENT|Cannot find module/);
  expect(done.code).toBe(code);
});

test('the consumer of the image says which setting it lacks', async () => {
  const { code, output } = await program(['services/consumer/dist/main.js']);
  expect([code, output]).toEqual([78, expect.stringContaining('DATABASE_URL=(not set)')]);
});

test('Grafana’s image has the panel, the dashboards and, by what is asked for, the rules', async () => {
  const rastreioHome = path.join(built.rootOf('grafana'), 'opt/rastreio');
  const plugin = path.join(rastreioHome, 'plugins/rastreio-tracking-panel');
  for (const file of ['plugin.json', 'module.js', 'locales/pt-BR/rastreio-tracking-panel.json'])
    expect([file, existsSync(path.join(plugin, file))]).toEqual([file, true]);
  expect((await readdir(path.join(rastreioHome, 'dashboards'))).length).toBeGreaterThan(6);
  expect(await readdir(path.join(rastreioHome, 'provisioning/editable'))).toContain('datasources');
  expect(await readdir(path.join(rastreioHome, 'provisioning/read-only/alerting'))).toContain(
    'regras-prazos.yaml',
  );
});
