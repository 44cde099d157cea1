import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { wantedTopics } from '../../packages/kafka/src/wantedTopics';
import { takeSecretFiles } from '../../packages/runtime/src/secretFiles';
import type { z } from 'zod';
import { configSchema } from '../../services/consumer/src/config';
import { httpConfigSchema, keysFile } from '../../services/producer/src/http/config';
import { pullConfigSchema } from '../../services/producer/src/pull/config';
import { read, render } from '../compose/render';
import { documents, type Container, type Doc, type PodSpec } from './documents';

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
  expect(`${container.image}:dev`).toBe(compose?.image);
  if (name === 'ops') return;
  const command = name === 'pull' ? ['node', 'cli/dist/rastreio.js', 'pull'] : compose?.command;
  expect(container.command).toEqual(command);
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
      ports: { targetPort: string }[];
    };
    const [pod] = labelled(selector);
    expect([metadata.name, pod?.container.ports?.map(({ name }) => name)]).toEqual([
      metadata.name,
      expect.arrayContaining(ports.map(({ targetPort }) => targetPort)),
    ]);
  }
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
  expect(maxReplicaCount).toBe(wantedTopics({}, 3)[0]?.numPartitions);
});
