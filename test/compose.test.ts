import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

interface Service {
  image: string;
  build?: { dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, unknown>;
  ports?: string[];
  volumes?: string[];
  restart: string;
  healthcheck?: { start_period?: string };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources?: { limits?: { cpus: string; memory: string } } };
  security_opt?: string[];
}

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const example = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
);

/** The file as `docker compose config` renders it with .env.example: variables filled in, anchors merged. */
function render(env: Readonly<Record<string, string>>): {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
} {
  const text = read('docker-compose.yaml').replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_match, name: string, kind?: string, rest?: string) => {
      const value = env[name];
      if (value !== undefined && value !== '') return value;
      if (kind === '-') return rest ?? '';
      throw new Error(`${name}: ${rest ?? 'is not set'}`);
    },
  );
  return parse(text, { merge: true }) as ReturnType<typeof render>;
}

const { services, volumes } = render(example);
const all = Object.entries(services);
const oneShot = new Set(
  all
    .flatMap(([, s]) => Object.entries(s.depends_on ?? {}))
    .filter(([, d]) => d.condition === 'service_completed_successfully')
    .map(([name]) => name),
);

test('without .env it says which variable to set', () => {
  expect(() => render({})).toThrow(/copy \.env\.example to \.env/);
});

test('every variable of the file is in .env.example, and the other way round', () => {
  const used = new Set([...read('docker-compose.yaml').matchAll(/\$\{(\w+)/g)].map((m) => m[1]));
  expect([...used].sort()).toEqual(Object.keys(example).sort());
});

test.each(all)('%s is pinned, limited and restarted', (_name, service) => {
  expect(service.image).toMatch(/:v?\d+(\.\d+)+/);
  expect(service.restart).toMatch(/unless-stopped|on-failure/);
  expect(service.deploy?.resources?.limits).toMatchObject({
    cpus: expect.any(String) as string,
    memory: expect.any(String) as string,
  });
  expect(service.security_opt).toContain('no-new-privileges:true');
  if (service.build !== undefined)
    expect(read(service.build.dockerfile)).toContain(` AS ${service.build.target}\n`);
});

test.each(all)('%s waits for what is healthy or done', (name, service) => {
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    const needed = services[other];
    if (needed === undefined) throw new Error(`${name} depends on ${other}, which is no service`);
    if (condition === 'service_healthy') expect(needed.healthcheck?.start_period).toBeDefined();
  }
  const ends = oneShot.has(name) || name === 'import' || name === 'simulator';
  if (!ends) expect(service.healthcheck?.start_period).toBeDefined();
});

test('ports are bound to loopback, volumes exist, mounted files are in the repository', () => {
  for (const [, service] of all) {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./')) expect(existsSync(path.join(ROOT, source))).toBe(true);
      else expect(Object.keys(volumes)).toContain(source);
    }
  }
});

test('Grafana gets every variable that the provisioning files interpolate', () => {
  const files = ['datasources/rastreio.yaml', 'dashboards/rastreio.yaml', 'alerting/notificacao.yaml'];
  const wanted = files.flatMap((file) =>
    [
      ...read(`provisioning/${file}`)
        .replace(/^\s*#.*$/gm, '')
        .matchAll(/\$(\w+)/g),
    ].map((m) => m[1]),
  );
  expect(Object.keys(services.grafana?.environment ?? {})).toEqual(expect.arrayContaining(wanted));
});

test('the commands on the image’s path can be run and start what is bundled and copied', () => {
  const folder = path.join(ROOT, 'docker/bin');
  const bundle = readFileSync(path.join(ROOT, 'scripts/bundle.mjs'), 'utf8');
  const dockerfile = readFileSync(path.join(ROOT, 'docker/Dockerfile'), 'utf8');
  const commands = readdirSync(folder);
  expect(commands).toContain('simulate');
  for (const command of commands) {
    const file = path.join(folder, command);
    const [, started = ''] = /^exec node \/app\/(\S+)\.js /m.exec(readFileSync(file, 'utf8')) ?? [];
    expect([command, statSync(file).mode & 0o111]).toEqual([command, 0o111]);
    expect(bundle).toContain(`'${started}'`);
    expect(dockerfile).toContain(`COPY --from=build /src/${path.dirname(started)} ${path.dirname(started)}`);
  }
});
