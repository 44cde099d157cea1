import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES } from '@rastreio/database';
import { freePorts, startDatabase } from '@rastreio/stack';
import { schemaFiles } from './files';

const DATABASE = 'rastreio';
const PASSWORDS = { ownerPassword: 'owner', writerPassword: 'writer', readerPassword: 'reader' };

void main();

/** Writes sql/schema.sql and docs/schema.md from a fresh database on a plain PostgreSQL of its own. */
async function main(): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-schema-'));
  // As root, the server runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const log = { info: () => undefined, warn: () => undefined };
  const [port = 0] = await freePorts(1);
  const { adminUrl, stop } = await startDatabase({ provider: 'embedded', dir, port, log });
  try {
    await provision({ adminUrl, database: DATABASE, timescaledb: false, ...PASSWORDS });
    const url = inDatabase(adminUrl, DATABASE);
    await migrate({ databaseUrl: asRole(url, ROLES.owner, PASSWORDS.ownerPassword), log });
    for (const { file, before, after } of await schemaFiles(url)) {
      if (before === after) continue;
      writeFileSync(file, after);
      process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
    }
  } finally {
    await stop();
    await rm(dir, { recursive: true, force: true });
  }
}
