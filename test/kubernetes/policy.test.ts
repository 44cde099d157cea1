import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { wantedTopics } from '../../packages/kafka/src/wantedTopics';
import { takeSecretFiles } from '../../packages/runtime/src/secretFiles';
import type { z } from 'zod';
import { configSchema } from '../../services/consumer/src/config';
import { httpConfigSchema, keysFile } from '../../services/producer/src/http/config';
import { pullConfigSchema } from '../../services/producer/src/pull/config';
import { read, render } from '../compose/render';
import { documents, type Container, type Doc, type PodSpec } from './documents';
import { PAGE, yamlIn } from './page';

interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly container: Container;
}

const all = [...documents('demo'), ...documents('pull')];
const ofKind = (kind: string) => all.filter((doc) => doc.kind === kind);
const pods: Pod[] = all.flatMap(({ metadata: { name }, spec }) => {
  const { template } = spec ?? {};
  // An operator's template of pods has no containers.
  const [container, ...others] = template?.spec?.containers ?? [];
  if (template?.spec === undefined || container === undefined) return [];
  expect([name, others]).toEqual([name, []]);
  return [{ name, labels: template.metadata.labels, spec: template.spec, container }];
});
const cases = pods.map((pod) => [pod.name, pod] as const);
const { services } = render();
const envOf = ({ env = [] }: Container) =>
  Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'from a secret']));
const podOf = (name: string): Pod => {
  const pod = pods.find((one) => one.name === name);
  if (pod === undefined) throw new Error(`no pod ${name}`);
  return pod;
};

const isOf = (selector: unknown, pod: string) =>
  (selector as Record<string, string>)['app.kubernetes.io/name'] === pod;

test('there is a pod for each of our services, and for nothing else', () => {
  const ours = Object.entries(services)
    .filter(([, { image }]) => image.startsWith('rastreio/'))
    .map(([name]) => name);
  // Strimzi makes the topics; the batch database has no pod here; Grafana has its content from the image; compose has no pull.
  const others = ['topics', 'import', 'grafana-apply'];
  expect(pods.map(({ name }) => name).sort()).toEqual(
    [...ours.filter((name) => !others.includes(name)), 'pull'].sort(),
  );
});

test.each(cases)('%s has no right that it does not need, and an end to what it takes', (_name, pod) => {
  const { spec, container } = pod;
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: pod.name === 'grafana' ? 472 : 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  for (const bound of [container.resources?.requests, container.resources?.limits])
    expect(Object.keys(bound ?? {}).sort()).toEqual(['cpu', 'memory']);
});

test.each(cases)('%s runs what compose runs, from the same image', (name, { container }) => {
  const compose = name === 'pull' ? services.http : services[name];
  expect(container.image).toBe(compose?.image);
  if (name === 'ops') return;
  const command = name === 'pull' ? ['node', 'cli/dist/rastreio.js', 'pull'] : compose?.command;
  // There the server is CloudNativePG's as well, whose own role comes by the database `postgres`.
  expect(container.command).toEqual(command?.filter((word) => word !== '--own-server'));
});

const ownSchemas: Readonly<Record<string, z.ZodObject>> = {
  consumer: configSchema,
  http: httpConfigSchema,
  pull: pullConfigSchema,
};

test.each(cases)('%s is given settings that there are', (name, { container }) => {
  const env = envOf(container);
  const schema = ownSchemas[name];
  const known = schema === undefined ? services[name]?.environment : schema.shape;
  // Grafana's own, which compose has otherwise: its content is applied there.
  const more = name === 'grafana' ? ['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH', 'GF_LOG_MODE'] : [];
  for (const setting of Object.keys(env)) {
    if (Object.keys(known ?? {}).includes(setting) || more.includes(setting)) continue;
    expect([setting, setting.endsWith('_FILE')]).toEqual([setting, true]);
    expect(() => takeSecretFiles({ [setting]: '/nowhere' })).toThrow('/nowhere');
  }
  if (schema !== undefined) expect(() => schema.parse(env)).not.toThrow();
});

test('carriers need keys', () => {
  expect(keysFile(httpConfigSchema.parse(envOf(podOf('http').container)))).toBe('/keys/api-keys.yaml');
});

test('Grafana gets every variable that the files of its image interpolate', () => {
  const files = ['alerting/notificacao.yaml', 'alerting/regras-operacao.yaml', 'datasources/rastreio.yaml'];
  const variables = files.flatMap((file) =>
    [
      ...read(`provisioning/${file}`)
        .replace(/^\s*#.*$/gm, '')
        .matchAll(/\$([A-Z]\w+)/g),
    ].map((m) => m[1]),
  );
  const given = Object.keys(envOf(podOf('grafana').container)).map((name) => name.replace(/_FILE$/, ''));
  expect(variables).toContain('SEM_PROMETHEUS');
  expect(given).toEqual(expect.arrayContaining(variables));
});

test.each(cases)('%s reads from volumes and secrets that there are', (_name, { spec, container }) => {
  const mounted = (container.volumeMounts ?? []).map((mount) => mount.name);
  expect(mounted.sort()).toEqual((spec.volumes ?? []).map((volume) => volume.name).sort());
  const claims = ofKind('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
  // Made by an operator, or by hand as docs/kubernetes.md says.
  const made = [
    ...ofKind('KafkaUser').map(({ metadata }) => metadata.name),
    ...['rastreio-cluster-ca-cert', 'rastreio-db-ca', 'rastreio-db-superuser'],
    ...['rastreio-passwords', 'rastreio-api-keys'],
  ];
  const passwords = /^for name in (.*); do$/m.exec(read('docker/make-secrets.sh'))?.[1]?.split(' ') ?? [];
  for (const { secret, persistentVolumeClaim: claim } of spec.volumes ?? []) {
    if (claim !== undefined) expect(claims).toContain(claim.claimName);
    if (secret === undefined) continue;
    expect(made).toContain(secret.secretName);
    if (secret.secretName === 'rastreio-passwords')
      expect(passwords).toEqual(expect.arrayContaining(secret.items?.map(({ key }) => key) ?? []));
  }
});

test('every deployment of ours has the label by which the page starts them anew', () => {
  const [, label = '', value = ''] = /rollout restart deployment -l (\S+)=(\S+)/.exec(read(PAGE)) ?? [];
  for (const { metadata } of ofKind('Deployment'))
    expect([metadata.name, metadata.labels?.[label]]).toEqual([metadata.name, value]);
});

test('nothing secret is in the files', () => {
  expect(ofKind('Secret')).toEqual([]);
  for (const { container } of pods)
    for (const [name, value] of Object.entries(envOf(container)))
      if (/PASSWORD|SECRET|TOKEN$|API_KEY$/.test(name)) expect(value).toMatch(/^$|^\/|^from a secret$/);
});

test('who talks to Kafka and to the database is let through, and nobody else', () => {
  for (const { name, labels, container } of pods) {
    const env = Object.keys(envOf(container));
    const database = env.some((setting) => /^(ADMIN_)?DATABASE_URL$|^TIMESCALE_HOST$/.test(setting));
    expect([name, labels['rastreio/needs-kafka']]).toEqual([
      name,
      env.includes('KAFKA_BROKERS') ? 'true' : undefined,
    ]);
    expect([name, labels['rastreio/needs-database']]).toEqual([name, database ? 'true' : undefined]);
    // What is denied first selects by it.
    expect(labels['app.kubernetes.io/part-of']).toBe('rastreio');
  }
  const [first] = ofKind('NetworkPolicy');
  expect(first?.spec).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'rastreio' } },
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('what selects pods finds some, by a port that they have', () => {
  const labelled = (labels: Readonly<Record<string, string>>) =>
    pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value));
  for (const { metadata, spec } of [...ofKind('PodDisruptionBudget'), ...ofKind('Deployment')])
    expect([metadata.name, labelled(spec?.selector?.matchLabels ?? {}).map(({ name }) => name)]).toEqual([
      metadata.name,
      [metadata.name],
    ]);
  for (const { metadata, spec } of ofKind('Service')) {
    const { selector, ports } = spec as unknown as {
      selector: Record<string, string>;
      ports: { port: number; targetPort: string }[];
    };
    const [pod] = labelled(selector);
    const has = pod?.container.ports?.map(({ name, containerPort }) => [name, containerPort]);
    // Of the same number: a service without an address of its own passes nothing on.
    const wanted = ports.map(({ port, targetPort }) => [targetPort, port]);
    expect([metadata.name, has]).toEqual([metadata.name, expect.arrayContaining(wanted)]);
  }
});

test('Prometheus finds each pod that has metrics by the names that the page prints', () => {
  const printed = yamlIn(PAGE, 'scrape_configs') as {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  const scraped = printed.scrape_configs.map(({ job_name: job, dns_sd_configs: [dns] }) => [
    job,
    dns?.names[0],
    dns?.port,
  ]);
  const withMetrics = pods.flatMap(({ name, container }) =>
    (container.ports ?? []).filter((port) => port.name === 'metrics').map((port) => [name, port] as const),
  );
  const headless = ofKind('Service').filter(({ spec }) => spec?.clusterIP === 'None');
  expect(scraped.sort()).toEqual(
    withMetrics
      .map(([pod, { containerPort }]) => {
        const service = headless.find(({ spec }) => isOf(spec?.selector, pod));
        expect([pod, service?.spec?.publishNotReadyAddresses]).toEqual([pod, true]);
        return [pod, `${service?.metadata.name}.rastreio.svc`, containerPort];
      })
      .sort(),
  );
  // The rule and the panel look at these jobs and at no others that such a Prometheus has.
  const jobs = `min by (job) (up{job=~"${scraped.map(([job]) => job).join('|')}"})`;
  expect(read('provisioning/alerting/regras-operacao.yaml')).toContain(`expr: ${jobs}\n`);
  expect(read('dashboards/saude-do-pipeline.json')).toContain(JSON.stringify(jobs));
});

test('what runs for long says how it is', () => {
  for (const { name, container } of pods) {
    if (['provision', 'ops', 'simulator'].includes(name)) continue;
    expect([name, container.readinessProbe]).toEqual([name, expect.anything()]);
    expect([name, container.livenessProbe]).toEqual([name, expect.anything()]);
  }
  const many = ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name);
  expect(many.sort()).toEqual(['consumer', 'http']);
});

test('one that cannot work does not keep its node from being emptied', () => {
  for (const { metadata, spec } of ofKind('PodDisruptionBudget'))
    expect([metadata.name, spec?.unhealthyPodEvictionPolicy]).toEqual([metadata.name, 'AlwaysAllow']);
});

test('HTTP goes on answering until nobody is sent to it any more', () => {
  expect(podOf('http').container.lifecycle).toEqual({ preStop: { exec: { command: ['sleep', '5'] } } });
});

test('names are resolved by whoever does it: pods of kube-dns, or the node', () => {
  const { spec } = ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === 'names') as Doc;
  expect(spec?.egress).toEqual([
    {
      to: [
        expect.objectContaining({ podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }),
        { ipBlock: { cidr: '169.254.20.10/32' } },
        { ipBlock: { cidr: '169.254.169.254/32' } },
      ],
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    },
  ]);
});

test('of Kafka itself no user may do anything', () => {
  for (const { metadata, spec } of ofKind('KafkaUser')) {
    const { acls } = spec?.authorization as { acls: { resource: { type: string } }[] };
    expect([metadata.name, acls.filter(({ resource }) => resource.type === 'cluster')]).toEqual([
      metadata.name,
      [],
    ]);
  }
});

test('topics are as rastreio topics makes them on three brokers', () => {
  const asWritten = ofKind('KafkaTopic').map(({ spec }) => {
    const { topicName, partitions, replicas, config } = spec as Readonly<Record<string, unknown>>;
    const entries = Object.entries(config as object).map(([name, value]) => [name, String(value)]);
    return { topic: topicName, partitions, replicas, config: Object.fromEntries(entries) as object };
  });
  expect(asWritten).toEqual(
    wantedTopics({}, 3).map(({ topic, numPartitions, replicationFactor, configEntries = [] }) => ({
      topic,
      partitions: numPartitions,
      replicas: replicationFactor,
      config: Object.fromEntries(configEntries.map(({ name, value }) => [name, value])),
    })),
  );
});

test('KEDA looks at the lag of our group, and starts no more consumers than there are partitions', () => {
  const [{ spec }] = ofKind('ScaledObject') as [Doc];
  const { triggers, maxReplicaCount } = spec as unknown as {
    triggers: { metadata: Record<string, string> }[];
    maxReplicaCount: number;
  };
  expect(triggers[0]?.metadata).toMatchObject({ consumerGroup: CONSUMER_GROUP, topic: TOPIC_EVENTS });
  // It runs in a namespace of its own, where a name without one is nobody's.
  const [{ value: brokers = '' } = {}] = podOf('consumer').container.env ?? [];
  const [host, port] = brokers.split(':');
  expect(triggers[0]?.metadata.bootstrapServers).toBe(`${host}.rastreio.svc:${port}`);
  expect(maxReplicaCount).toBe(wantedTopics({}, 3)[0]?.numPartitions);
});
