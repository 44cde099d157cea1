import type { Child } from '../child';

export const PROVIDERS = ['auto', 'installed', 'timescaledb', 'embedded'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export interface DatabaseOptions {
  /** Holds the data in `database/`, the log in `logs/`. */
  readonly dir: string;
  readonly port: number;
  /** Settings of the server beside or instead of the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Ends the start. */
  readonly signal?: AbortSignal | undefined;
  /** Told while a start takes long, and why. */
  readonly tell?: ((text: string) => void) | undefined;
  readonly tellEveryMs?: number;
}

/** A provider that starts a cluster of its own. */
export type OwnProvider = Exclude<ProviderName, 'auto'>;

export interface RunningDatabase extends Pick<
  Child,
  'stop' | 'kill' | 'isRunning' | 'ended' | 'tail' | 'logFile' | 'name' | 'again'
> {
  /** What runs, in words for the operator. */
  readonly provider: string;
  readonly timescaledb: boolean;
  readonly host: string;
  readonly port: number;
  /** Whether the server was made for this stack and has nothing else. */
  readonly ownServer: boolean;
  /** A superuser on the database `postgres`. */
  readonly adminUrl: string;
}

/** One way to get a database server. */
export interface Provider {
  readonly name: OwnProvider;
  /** Null if it can work here, else one sentence that says why not. */
  unavailable(dir: string): Promise<string | null>;
  start(options: DatabaseOptions): Promise<RunningDatabase>;
}
