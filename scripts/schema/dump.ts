import { pgDump } from '@rastreio/stack';

const HEAD = `-- The schema of a fresh database on plain PostgreSQL, as pg_dump tells it: what a change of sql/migrations or sql/functions does, for whoever
-- reviews it. Written by "npm run schema:write" and compared by test/schema.test.ts; never run.

`;

/** Settings of the session that would restore, and lines that differ from one run or version of pg_dump to the next. */
const LEFT_OUT = /^(SET |SELECT pg_catalog\.set_config|\\restrict|\\unrestrict)/;

/** The schema as text that is the same for two databases with the same schema. */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const dump = await pgDump(databaseUrl, ['--schema-only', '--schema=public', '--schema=conferencia']);
  const lines = dump
    .split('\n')
    // pg_dump's own comments stand at the beginning of a line, those of our functions do not.
    .filter((line) => !LEFT_OUT.test(line) && !line.startsWith('--'));
  return HEAD + `${lines.join('\n').trim()}\n`.replaceAll(/\n{3,}/g, '\n\n');
}
