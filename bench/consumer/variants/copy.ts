import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { withClient } from '@rastreio/database';
import { from as copyFrom } from 'pg-copy-streams';
import { projectDatabase } from '../../servers';
import { assertComplete } from '../measure';
import { createMeter } from '../meter';
import type { Variant } from './variant';

/**
 * The limit: one COPY of the same rows into the project's own events table, with its key, index and checks, from a file that is
 * ready. Nobody reads Kafka, decodes, looks for duplicates or keeps the state of parcels.
 */
export const copy: Variant = {
  name: 'copy',
  async run(bed, label) {
    const database = await projectDatabase(bed, label);
    const { count, copyFile } = bed.events;
    try {
      const measured = await withClient(database.ownerUrl, async (client) => {
        const meter = createMeter(bed, { withSelf: true });
        const start = meter.read();
        await pipeline(
          createReadStream(copyFile),
          client.query(
            copyFrom(
              'COPY eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em) FROM STDIN',
            ),
          ),
        );
        return meter.between(start, meter.read(), count);
      });
      await assertComplete(database, count);
      return measured;
    } finally {
      await database.drop();
    }
  },
};
