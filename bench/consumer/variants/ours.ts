import { projectDatabase } from '../../servers';
import { startService, type RunningService } from '../../services';
import { measure } from '../measure';
import type { Variant } from './variant';

/**
 * The project's consumer as it runs in production: `instances` processes of one group, with default settings; `coded` reads events in a
 * carrier's words.
 */
export function ours(instances: number, coded?: 'coded'): Variant {
  return {
    name: ['ours', instances, coded].filter(Boolean).join('_'),
    ...(coded === undefined ? {} : { coded: true as const }),
    async run(bed, label) {
      const database = await projectDatabase(bed, label);
      const env = {
        KAFKA_BROKERS: bed.brokers,
        DATABASE_URL: database.writerUrl,
        CONSUMER_GROUP_ID: label,
      };
      const processes: RunningService[] = [];
      try {
        for (let i = 1; i <= instances; i++)
          processes.push(
            await startService({ name: `${label}_${i}`, service: 'consumer', dir: bed.dir, env }),
          );
        return await measure(bed, { group: label, members: instances, processes, database });
      } finally {
        await Promise.all(processes.map((child) => child.stop()));
        await database.drop();
      }
    },
  };
}
