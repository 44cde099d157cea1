import path from 'node:path';
import { freePorts, startChild } from '@rastreio/stack';
import { ROOT } from '../../support';
import { projectDatabase } from '../bed';
import { measure } from '../measure';
import type { Variant } from './variant';

const BUNDLE = path.join(ROOT, 'services/consumer/dist/main.js');

/** The project's consumer as it runs in production: `instances` processes of one group, with default settings. */
export function ours(instances: number): Variant {
  return {
    name: `ours_${instances}`,
    async run(bed, label) {
      const database = await projectDatabase(bed, label);
      const ports = await freePorts(instances);
      const processes = ports.map((port, i) =>
        startChild({
          name: `${label}_${i}`,
          command: process.execPath,
          args: [BUNDLE],
          dir: bed.dir,
          env: {
            NODE_ENV: 'production',
            LOG_LEVEL: 'warn',
            KAFKA_BROKERS: bed.brokers,
            DATABASE_URL: database.writerUrl,
            CONSUMER_GROUP_ID: label,
            METRICS_PORT: String(port),
          },
        }),
      );
      try {
        return await measure(bed, { group: label, members: instances, processes, database });
      } finally {
        await Promise.all(processes.map((child) => child.stop()));
        await database.drop();
      }
    },
  };
}
