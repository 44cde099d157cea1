import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { readCatalogue } from './catalogue';
import { dumpSchema } from './dump';
import { schemaPage } from './picture';

const ROOT = path.resolve(__dirname, '../..');

/** Files that tell what the schema is, as they stand and as a database has it. */
export async function schemaFiles(
  databaseUrl: string,
): Promise<{ file: string; before: string; after: string }[]> {
  const catalogue = await withClient(databaseUrl, readCatalogue);
  return [
    change(path.join(ROOT, 'sql', 'schema.sql'), await dumpSchema(databaseUrl)),
    change(path.join(ROOT, 'docs', 'schema.md'), schemaPage(catalogue)),
  ];
}

function change(file: string, after: string) {
  return { file, before: existsSync(file) ? readFileSync(file, 'utf8') : '', after };
}
