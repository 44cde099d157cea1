import { open, stat } from 'node:fs/promises';
import type { Child } from '../child';
import { waitUntil } from '../waitUntil';

/** The last of what Grafana loads from files when it starts; data sources and alerting come before it. */
const LOADED = 'finished to provision dashboards';
const TIMEOUT_MS = 30_000;

/** How long a log is; 0 where there is none yet. */
export async function logLength(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/**
 * Waits until Grafana's log says, after its first `from` bytes, that the provisioning files are loaded. A request that signs in before
 * that, at a first start or the first of a day, makes an encryption key at the same time as the data sources need one, on which SQLite
 * says "database is locked": then Grafana ends, or both wait for half a minute. (Tried with 12.2.0.) A Grafana whose log says it in other
 * words is waited for in vain, but not for ever.
 * @throws OperatorError when it has ended
 */
export async function waitUntilLoaded(child: Child, from: number, timeoutMs = TIMEOUT_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  await waitUntil(
    'Grafana',
    async () => {
      if (Date.now() < deadline && !(await textAfter(child.logFile, from)).includes(LOADED))
        throw new Error(`${child.logFile} does not say "${LOADED}" yet`);
    },
    { timeoutMs: 2 * timeoutMs, child },
  );
}

async function textAfter(file: string, from: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ buffer: Buffer.alloc(Math.max(0, size - from)), position: from });
    return buffer.toString();
  } finally {
    await handle.close();
  }
}
