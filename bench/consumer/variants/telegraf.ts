import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { installOnce, run, startChild, vendorDir } from '@rastreio/stack';
import { endWithUs } from '../../interrupt';
import { plainDatabase, type BenchDatabase } from '../../servers';
import type { Bed } from '../bed';
import { measure } from '../measure';
import type { Variant } from './variant';

const VERSION = '1.37.2';
const FOLDER = `telegraf-${VERSION}`;
const KAFKA_VERSION = '3.9.0';
const PLUGINS = ['inputs.kafka_consumer', 'outputs.postgresql', 'parsers.json_v2'];

/** Its default is 1000 rows a COPY; a larger batch, with as many messages in flight as its documentation asks for, is faster. */
const BATCH_SIZE = 10_000;
const BUFFER_LIMIT = 10 * BATCH_SIZE;

/**
 * Telegraf, which appends by COPY: no upsert. A row whose key is there already makes it drop its whole batch ("permanent, dropping
 * sub-batch"), so a replay loses rows; here every event comes once. Building it takes minutes, so it takes part by itself only
 * once it has been built.
 */
export const telegraf: Variant = {
  name: 'telegraf',
  optional: true,
  whenNotAsked: () => existsSync(path.join(vendorDir(), FOLDER)),
  prepare: async () => void (await telegrafBinary()),
  async run(bed, label) {
    const binary = await telegrafBinary();
    const database = await plainDatabase(bed, label);
    const config = path.join(bed.dir, `${label}.toml`);
    await writeFile(config, configOf(bed, database, label));
    const agent = endWithUs(
      startChild({ name: label, command: binary, args: ['--config', config], dir: bed.dir }),
    );
    try {
      return await measure(bed, { group: label, members: 1, processes: [agent], database });
    } finally {
      await agent.stop();
      await database.drop();
    }
  },
};

/** Telegraf with the three plugins that are needed, built by Go the first time. */
async function telegrafBinary(): Promise<string> {
  const dir = await installOnce(FOLDER, async (target) => {
    const tags = `custom,${PLUGINS.join(',')}`;
    await run(
      'go',
      ['install', '-trimpath', '-tags', tags, `github.com/influxdata/telegraf/cmd/telegraf@v${VERSION}`],
      {
        env: { ...process.env, GOBIN: target },
        hint: 'It needs Go 1.25 or newer and the Go module proxy; leave telegraf out of --variants.',
      },
    );
  });
  return path.join(dir, 'telegraf');
}

function configOf({ brokers }: Bed, database: BenchDatabase, group: string): string {
  const field = (name: string, type: string) => `
    [[inputs.kafka_consumer.json_v2.field]]
      path = "${name}"
      type = "${type}"`;
  return `
[agent]
  metric_batch_size = ${BATCH_SIZE}
  metric_buffer_limit = ${BUFFER_LIMIT}
  # Full batches go at once; this is for the last one.
  flush_interval = "100ms"
  omit_hostname = true

[[inputs.kafka_consumer]]
  brokers = ["${brokers}"]
  topics = ["${TOPIC_EVENTS}"]
  consumer_group = "${group}"
  offset = "oldest"
  # Its default, 0.10.2.0, is a protocol that Kafka 4 no longer speaks.
  kafka_version = "${KAFKA_VERSION}"
  max_undelivered_messages = ${BUFFER_LIMIT}
  data_format = "json_v2"
  [[inputs.kafka_consumer.json_v2]]
    measurement_name = "${TOPIC_EVENTS}"
    timestamp_path = "${database.instant}"
    timestamp_format = "rfc3339"${field('id_pacote', 'int')}${field('origem', 'string')}${field('destino', 'string')}${field('status_rastreamento', 'string')}

[[outputs.postgresql]]
  connection = "${database.ownerUrl}"
  timestamp_column_name = "${database.instant}"
  timestamp_column_type = "timestamp with time zone"
`;
}
