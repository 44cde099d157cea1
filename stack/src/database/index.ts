import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { debianTimescaledb } from './debianTimescaledb';
import { embedded } from './embedded';
import { installed } from './installed';
import { attach } from './url';
import type { DatabaseOptions, Provider, ProviderName, RunningDatabase } from './types';

export type { ProviderName, RunningDatabase } from './types';
export { PROVIDERS } from './types';

/** Tried in this order. */
const ORDER: readonly Provider[] = [installed, debianTimescaledb, embedded];

export interface StartDatabaseOptions extends DatabaseOptions {
  readonly provider: ProviderName;
  /** A server that runs already, as a superuser; no other provider is tried. */
  readonly databaseUrl?: string | undefined;
  readonly log: Pick<Log, 'info'>;
}

/**
 * Gets a database server. `auto` takes the first provider that works here and says why the others before it do not; a
 * provider asked for by name must work.
 */
export async function startDatabase({
  provider,
  databaseUrl,
  log,
  ...options
}: StartDatabaseOptions): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) return attach(databaseUrl);
  const candidates = provider === 'auto' ? ORDER : ORDER.filter(({ name }) => name === provider);
  for (const candidate of candidates) {
    const reason = await candidate.unavailable();
    if (reason === null) {
      try {
        return await candidate.start(options);
      } catch (error) {
        if (provider !== 'auto' || candidate === candidates.at(-1)) throw error;
        log.info(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
    }
    log.info(`${candidate.name}: ${reason}`);
    if (provider !== 'auto') throw new OperatorError(`--database ${provider}: ${reason}`, EXIT.config);
  }
  throw new OperatorError(
    'No database can be started here; give one with --database-url postgresql://…',
    EXIT.config,
  );
}
