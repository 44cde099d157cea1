import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kafkaSettings } from '@rastreio/kafka';

const PAGE = readFileSync(path.resolve(__dirname, '../docs/clusters.md'), 'utf8');

test('docs/clusters.md has every setting of how to get into Kafka, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| `(KAFKA_[A-Z_]+)` /gm)].map(([, name = '']) => name);
  // A secret may come as a file instead.
  expect(rows.filter((name) => !name.endsWith('_FILE')).sort()).toEqual(Object.keys(kafkaSettings).sort());
});
