import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { startChild } from '@rastreio/stack';
import { endWithUs } from '../../interrupt';
import { benchPorts } from '../../support';
import { plainDatabase, type BenchDatabase } from '../../servers';
import type { Bed } from '../bed';
import { connectHome } from '../connect/vendor';
import { measure } from '../measure';
import type { Variant } from './variant';

/** Its documentation: "batch.size" takes effect up to the consumer's max.poll.records only, so both are set. */
const BATCH_SIZE = 1000;
/** The worker's own start script has these. */
const HEAP = ['-Xms256m', '-Xmx2g'];
const STATUS_EVERY_MS = 1000;

/** The events carry no schema, which the sink needs: JsonConverter takes one for all messages. */
const SCHEMA = {
  type: 'struct',
  optional: false,
  fields: [
    { field: 'id_pacote', type: 'int64', optional: false },
    { field: 'origem', type: 'string', optional: false },
    { field: 'destino', type: 'string', optional: false },
    { field: 'status_rastreamento', type: 'string', optional: false },
    // Debezium's type for ISO 8601 texts: the sink writes it as timestamptz.
    { field: 'data_atualizacao', type: 'string', name: 'io.debezium.time.ZonedTimestamp', optional: false },
  ],
};

export interface DebeziumOptions {
  readonly tasks: number;
  /** One INSERT of a batch by UNNEST instead of JDBC batching: off by default, for PostgreSQL only. */
  readonly unnest: boolean;
}

/** Debezium's JDBC sink on a Kafka Connect worker, with the upsert of its documentation. */
export function debezium({ tasks, unnest }: DebeziumOptions): Variant {
  return {
    name: `debezium${unnest ? '_unnest' : ''}_${tasks}`,
    program: 'debezium',
    optional: true,
    prepare: async () => void (await connectHome()),
    async run(bed, label) {
      const { libs, plugins } = await connectHome();
      const database = await plainDatabase(bed, label);
      const [port = 0] = await benchPorts(1);
      const dir = path.join(bed.dir, label);
      await mkdir(dir);
      const files = [path.join(dir, 'worker.properties'), path.join(dir, 'connector.properties')] as const;
      await writeFile(files[0], properties(workerSettings(bed, plugins, port, dir)));
      await writeFile(files[1], properties(connectorSettings(label, database, { tasks, unnest })));
      const worker = endWithUs(
        startChild({
          name: label,
          command: 'java',
          args: [
            ...HEAP,
            '-cp',
            path.join(libs, '*'),
            'org.apache.kafka.connect.cli.ConnectStandalone',
            ...files,
          ],
          dir: bed.dir,
        }),
      );
      try {
        const failure = failureOf(`http://127.0.0.1:${port}/connectors/${label}/status`);
        const group = `connect-${label}`;
        return await measure(bed, { group, members: tasks, processes: [worker], database, failure });
      } finally {
        await worker.stop();
        await database.drop();
      }
    },
  };
}

type Settings = Readonly<Record<string, string | number | boolean>>;

function workerSettings(bed: Bed, plugins: string, port: number, dir: string): Settings {
  return {
    'bootstrap.servers': bed.brokers,
    listeners: `http://127.0.0.1:${port}`,
    'plugin.path': plugins,
    'offset.storage.file.filename': path.join(dir, 'offsets'),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': true,
    'value.converter.schema.content': JSON.stringify(SCHEMA),
  };
}

function connectorSettings(name: string, database: BenchDatabase, options: DebeziumOptions): Settings {
  const { hostname, port, pathname, username, password } = new URL(database.ownerUrl);
  return {
    name,
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': options.tasks,
    topics: TOPIC_EVENTS,
    'connection.url': `jdbc:postgresql://${hostname}:${port}${pathname}`,
    'connection.username': username,
    'connection.password': password,
    'insert.mode': 'upsert',
    'primary.key.mode': 'record_value',
    'primary.key.fields': `id_pacote,${database.instant},status_rastreamento`,
    'collection.name.format': TOPIC_EVENTS,
    'schema.evolution': 'none',
    'batch.size': BATCH_SIZE,
    'consumer.override.max.poll.records': BATCH_SIZE,
    // "use.reduction.buffer" stays off: it merges records of one key, and here each has its own.
    'dialect.postgres.unnest.insert.enabled': options.unnest,
  };
}

function properties(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

interface ConnectorStatus {
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly state: string; readonly trace?: string }[];
}

/** A task that fails leaves the worker running: asks the worker now and then, and gives the trace of a failed task. */
function failureOf(url: string): () => Promise<string | undefined> {
  let askedAt = 0;
  return async () => {
    if (Date.now() - askedAt < STATUS_EVERY_MS) return undefined;
    askedAt = Date.now();
    // No answer while the worker starts; should it end, its process is seen to.
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok !== true) return undefined;
    const { connector, tasks } = (await answer.json()) as ConnectorStatus;
    const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED');
    return failed === undefined ? undefined : (failed.trace ?? 'failed without a trace');
  };
}
