import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startDatabase } from '@rastreio/stack';

/** What is written must survive nothing; the replay itself says when tables are vacuumed and analyzed. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'off',
  autovacuum: 'off',
};

/**
 * Runs `use` with a PostgreSQL of its own in a temporary folder; both are gone afterwards, also on an interrupt, which stops the server
 * at once so that whatever waits for it fails.
 *
 * @param use gets a superuser's URL
 */
export async function withThrowAwayServer<T>(
  use: (adminUrl: string) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-backtest-'));
  try {
    const [port = 0] = await freePorts(1);
    signal.throwIfAborted();
    const server = await startDatabase({
      provider: 'embedded',
      dir,
      port,
      settings: SETTINGS,
      log: { info: () => undefined },
    });
    const stop = () => void server.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      return await use(server.adminUrl);
    } finally {
      signal.removeEventListener('abort', stop);
      await server.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
