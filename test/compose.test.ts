import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { notificationEnv } from '@rastreio/grafana';
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
    /\$\{(\w+)(?::([-?+])([^}]*))?\}/g,
    (_match, name: string, kind?: string, rest?: string) => {
      const value = env[name];
      if (kind === '+') return value === undefined || value === '' ? '' : (rest ?? '');
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
  const ends = oneShot.has(name) || ['import', 'simulator', 'grafana-apply'].includes(name);
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

/** The names of the variables that a provisioning file interpolates; what alert messages fill in is in small letters, and a query's name is one letter. */
const variablesOf = (file: string) =>
  [
    ...read(`provisioning/${file}`)
      .replace(/^\s*#.*$/gm, '')
      .matchAll(/\$([A-Z]\w+)/g),
  ].map((m) => m[1]);

test('Grafana and what fills it get every variable that the provisioning files interpolate', () => {
  const filesOf = (folder: string) =>
    readdirSync(path.join(ROOT, 'provisioning', folder))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => `${folder}/${file}`);
  const alerting = filesOf('alerting').flatMap(variablesOf);
  const others = ['datasources', 'dashboards', 'editable/dashboards'].flatMap(filesOf).flatMap(variablesOf);
  expect(alerting).toContain('ALERT_WEBHOOK_URL');
  const given = (name: string) => Object.keys(services[name]?.environment ?? {});
  expect(given('grafana')).toEqual(expect.arrayContaining([...alerting, ...others]));
  expect(given('grafana-apply')).toEqual(expect.arrayContaining(alerting));
});

test('alerts reach the page of the service notices, and e-mail has its own contact point where there is an address', () => {
  const { notices } = services;
  const url = new URL(String(services.grafana?.environment?.ALERT_WEBHOOK_URL));
  expect([url.hostname, url.port, url.pathname]).toEqual([
    'notices',
    String(notices?.environment?.NOTICES_PORT),
    '/avisos',
  ]);
  expect(String(notices?.environment?.NOTICES_FILE)).toBe(
    `${notices?.volumes?.[0]?.split(':')[1]}/avisos.jsonl`,
  );
  // What the commands make of the same settings, so that Grafana and what fills it agree.
  for (const ALERT_EMAIL of ['', 'a@b.example']) {
    const rendered = render({ ...example, ALERT_EMAIL, ALERT_WEBHOOK_TOKEN: 's' }).services;
    for (const name of ['grafana', 'grafana-apply'])
      expect(rendered[name]?.environment).toMatchObject(
        notificationEnv({ ALERT_EMAIL, ALERT_WEBHOOK_TOKEN: 's' }),
      );
    expect(rendered.notices?.environment?.NOTICES_TOKEN).toBe('s');
  }
});

test('nobody sees a dashboard without signing in unless .env says so, as the example does beside loopback', () => {
  const anonymous = (env: Record<string, string>) =>
    render(env).services.grafana?.environment?.GF_AUTH_ANONYMOUS_ENABLED;
  const { GRAFANA_ANONYMOUS, ...silent } = example;
  expect([GRAFANA_ANONYMOUS, example.BIND_ADDRESS]).toEqual(['true', '127.0.0.1']);
  expect([anonymous(example), anonymous(silent)]).toEqual(['true', 'false']);
});

test.each(['editable', 'read-only'])('GRAFANA_CONTENT=%s is a folder of the image', (content) => {
  const { grafana, 'grafana-apply': filler } = render({ ...example, GRAFANA_CONTENT: content }).services;
  const folder = String(grafana?.environment?.GF_PATHS_PROVISIONING);
  expect(read('docker/Dockerfile')).toMatch(new RegExp(`^COPY .*provisioning\\S* ${folder}$`, 'm'));
  expect(filler?.environment?.GRAFANA_CONTENT).toBe(content);
});

test('what fills Grafana writes where Grafana reads alerting files, as the user that owns the folder', () => {
  const { grafana, 'grafana-apply': filler } = services;
  expect(grafana?.volumes).toContain('grafana-content:/opt/rastreio/provisioning/editable/alerting');
  expect(filler?.volumes).toEqual([`grafana-content:${String(filler?.environment?.GRAFANA_CONTENT_DIR)}`]);
  // 1000 is the user node of the services' image.
  expect(read('docker/Dockerfile')).toMatch(/^COPY --chown=1000:1000 provisioning\/editable /m);
});

test('Prometheus scrapes services that there are', () => {
  const { scrape_configs: jobs } = parse(read('provisioning/prometheus/prometheus.yaml')) as {
    scrape_configs: { job_name: string }[];
  };
  const names = jobs.map(({ job_name }) => job_name);
  // Dashboards ask for up{job="..."}.
  expect(names).toEqual(['consumer', 'http']);
  expect(Object.keys(services)).toEqual(expect.arrayContaining(names));
});

test('what our containers run is bundled and copied', () => {
  const bundle = read('scripts/bundle.mjs');
  const ours = all.filter(([, { image }]) => image.startsWith('rastreio/services'));
  expect(ours.map(([name]) => name)).toContain('grafana-apply');
  for (const [, { command = [] }] of ours) {
    const [program, file = ''] = command;
    expect(program).toBe('node');
    expect(bundle).toContain(`'${file}'`);
    expect(read('docker/Dockerfile')).toContain(
      `COPY --from=build /src/${path.dirname(file)} ${path.dirname(file)}`,
    );
  }
});

test('the commands on the image’s path can be run and start what is bundled and copied', () => {
  const folder = path.join(ROOT, 'docker/bin');
  const bundle = readFileSync(path.join(ROOT, 'scripts/bundle.mjs'), 'utf8');
  const dockerfile = readFileSync(path.join(ROOT, 'docker/Dockerfile'), 'utf8');
  const commands = readdirSync(folder);
  expect(commands).toContain('simulate');
  for (const command of commands) {
    const file = path.join(folder, command);
    const [, started = ''] = /^exec node \/app\/(\S+\.js) /m.exec(readFileSync(file, 'utf8')) ?? [];
    expect([command, statSync(file).mode & 0o111]).toEqual([command, 0o111]);
    expect(bundle).toContain(`'${started}'`);
    expect(dockerfile).toContain(`COPY --from=build /src/${path.dirname(started)} ${path.dirname(started)}`);
  }
});
