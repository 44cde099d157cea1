import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { debianTimescaledb } from './debianTimescaledb';
import { embedded } from './embedded';
import { existingClusters } from './existing';
import { installed } from './installed';
import { attach } from './url';
import type { DatabaseOptions, OwnProvider, Provider, ProviderName, RunningDatabase } from './types';

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
 * Gets a database server. A folder that holds a cluster gets the one that made it, or none: never another one beside it. Else `auto` takes
 * the first provider that works here and says why the others before it do not; a provider asked for by name must work.
 * @throws OperatorError (78) with what to do; the reason of `signal`
 */
export async function startDatabase(
  { provider, databaseUrl, log, ...options }: StartDatabaseOptions,
  providers: readonly Provider[] = ORDER,
): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) return attach(databaseUrl);
  const withWords: DatabaseOptions = { tell: (text) => log.info(text), ...options };
  const kept = await keptProvider(options.dir, provider);
  if (kept !== undefined) return startKept(kept, withWords, providers);
  const candidates = provider === 'auto' ? providers : providers.filter(({ name }) => name === provider);
  for (const candidate of candidates) {
    const reason = await candidate.unavailable(options.dir);
    if (reason === null) {
      try {
        return await candidate.start(withWords);
      } catch (error) {
        options.signal?.throwIfAborted();
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

/** All providers in the order in which they are tried, and for each why it cannot work here; null where it can. */
export async function providersFor(
  dir: string,
): Promise<readonly { readonly name: OwnProvider; readonly reason: string | null }[]> {
  return Promise.all(
    ORDER.map(async (provider) => ({ name: provider.name, reason: await provider.unavailable(dir) })),
  );
}

/** The provider whose cluster a folder holds; undefined where it holds none. @throws OperatorError (78) when another one is asked for */
async function keptProvider(dir: string, wanted: ProviderName): Promise<OwnProvider | undefined> {
  const existing = (await existingClusters(dir)).map(({ provider }) => provider);
  const [first, second] = existing;
  if (first === undefined) return undefined;
  if (wanted !== 'auto' && !existing.includes(wanted))
    throw new OperatorError(
      `--database ${wanted}: the data in ${dir} are those of --database ${first}; leave the option out, use --dir with another folder, or forget the data with --reset`,
      EXIT.config,
    );
  if (wanted === 'auto' && second !== undefined)
    throw new OperatorError(
      `${dir} holds two databases: say which with --database ${first} or --database ${second}`,
      EXIT.config,
    );
  return wanted === 'auto' ? first : wanted;
}

async function startKept(
  name: OwnProvider,
  options: DatabaseOptions,
  providers: readonly Provider[],
): Promise<RunningDatabase> {
  const provider = providers.find((candidate) => candidate.name === name);
  const reason = provider === undefined ? 'it is not known here' : await provider.unavailable(options.dir);
  if (provider !== undefined && reason === null) return provider.start(options);
  throw new OperatorError(
    `The data in ${options.dir} are those of --database ${name}, which cannot be started: ${reason}. Mend that, use --dir with another folder, or forget the data with --reset`,
    EXIT.config,
  );
}
