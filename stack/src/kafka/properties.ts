export interface KafkaPorts {
  readonly internal: number;
  readonly external: number;
  /** Where clients of the EXTERNAL listener are told to connect, if a proxy stands before it. */
  readonly advertised?: number;
  readonly controller: number;
}

export type BrokerSettings = Readonly<Record<string, string | number | boolean>>;

/** Where the broker keeps its data, beside its settings, from where it runs: in a list of folders no comma of a path could be escaped. */
export const LOG_FOLDER = 'log';

/**
 * server.properties of a single KRaft node on loopback. The original's two listeners stay: INTERNAL for containers, EXTERNAL for
 * everybody else. Settings: https://kafka.apache.org/documentation/#brokerconfigs
 */
export function serverProperties(
  { internal, external, controller, advertised = external }: KafkaPorts,
  others: BrokerSettings = {},
): string {
  const settings: BrokerSettings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `INTERNAL://127.0.0.1:${internal},EXTERNAL://127.0.0.1:${external},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `INTERNAL://127.0.0.1:${internal},EXTERNAL://localhost:${advertised}`,
    'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': LOG_FOLDER,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A restart after kill -9 waits for the old session to end: 4 s with these, 15 s with the defaults.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
    ...others,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escape(String(value))}\n`)
    .join('');
}

/**
 * A value as Java reads it back: such a file is Latin-1, a backslash begins an escape, and a space at the beginning is dropped.
 * Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
 */
function escape(value: string): string {
  return value
    .replace(/[\\ ]/g, '\\$&')
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
