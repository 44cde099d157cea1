import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { freePorts, startDatabase } from '@rastreio/stack';
import type { Pem } from './certificates';

export interface SecuredDatabaseOptions {
  /** What the server shows. */
  readonly certificate: Pem;
  /** Who signs the certificates of clients. */
  readonly clientCa: string;
  /** A line each of pg_hba.conf, after the superuser's on loopback. */
  readonly hba: readonly string[];
}

export interface SecuredDatabase {
  /** A superuser, without TLS. */
  readonly adminUrl: string;
  readonly port: number;
  /** Whether it speaks TLS, from the next connection on. */
  readonly speakTls: (on: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** A plain PostgreSQL with TLS on 127.0.0.1. */
export async function startSecuredDatabase(options: SecuredDatabaseOptions): Promise<SecuredDatabase> {
  const { certificate, clientCa, hba } = options;
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-secured-db-'));
  // As root, the server runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const [port = 0] = await freePorts(1);
  const server = await startDatabase({
    provider: 'embedded',
    dir,
    port,
    log: { info: () => undefined },
  });
  const { adminUrl } = server;
  const set = async (settings: Readonly<Record<string, string>>) => {
    await withClient(adminUrl, async (client) => {
      for (const [name, value] of Object.entries(settings))
        await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
      await client.query('SELECT pg_reload_conf()');
    });
    // The server reads them when it gets to it.
    const ssl = settings.ssl ?? '';
    for (;;) {
      const { rows } = await withClient(adminUrl, (client) => client.query<{ ssl: string }>('SHOW ssl'));
      if (rows[0]?.ssl === ssl) return;
    }
  };
  const { rows } = await withClient(adminUrl, (client) =>
    client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`),
  );
  const folder = rows[0]?.folder ?? '';
  const { uid, gid } = await stat(folder);
  const files = {
    'server.crt': certificate.cert,
    'server.key': certificate.key,
    'clients.crt': clientCa,
    'pg_hba.conf': ['host all postgres 127.0.0.1/32 scram-sha-256', ...hba, ''].join('\n'),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
    await chown(path.join(folder, name), uid, gid);
  }
  await set({ ssl_ca_file: 'clients.crt', ssl: 'on' });
  return {
    adminUrl,
    port,
    speakTls: (on) => set({ ssl: on ? 'on' : 'off' }),
    async remove() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
