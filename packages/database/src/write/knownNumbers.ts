/** Numbers that a process remembers, twice: some 20 MB of names. A feed with more of them at once only loses the speed. */
const MAX_NUMBERS = 100_000;

/** By carrier, then by tracking number: put together they would be one more text for each event. */
type Numbers = Map<string, Map<string, number>>;

/**
 * What `codigos` says as far as it can have changed for a name that is in it: a number that was given here was joined to its sender's, or the
 * table is another one (restored, emptied, of another database or server). For the statement that begins a batch.
 */
export const NUMBERS_VERSION = `concat_ws(' ', juncoes, (SELECT oid FROM pg_database WHERE datname = current_database()),
  pg_relation_filenode('codigos'), pg_postmaster_start_time(), inet_server_addr(), inet_server_port())`;

/** The numbers of tracking numbers that this process has seen committed, whichever connection has; they hold for one version only. */
class KnownNumbers {
  private newer: Numbers = new Map();
  private older: Numbers = new Map();
  private size = 0;

  constructor(private readonly version: string) {}

  get(transportadora: string, codigo: string): number | undefined {
    const id = this.newer.get(transportadora)?.get(codigo);
    if (id !== undefined) return id;
    const old = this.older.get(transportadora)?.get(codigo);
    // What is asked for stays, what is not goes with the rest.
    if (old !== undefined) this.set(transportadora, codigo, old);
    return old;
  }

  /** To be called after the commit: what a transaction gave that came to nothing is not there. */
  set(transportadora: string, codigo: string, id: number): void {
    if (this.size >= MAX_NUMBERS) {
      this.older = this.newer;
      this.newer = new Map();
      this.size = 0;
    }
    let ofCarrier = this.newer.get(transportadora);
    if (ofCarrier === undefined) this.newer.set(transportadora, (ofCarrier = new Map<string, number>()));
    if (!ofCarrier.has(codigo)) this.size++;
    ofCarrier.set(codigo, id);
  }

  isOf(version: string): boolean {
    return this.version === version;
  }
}

let known = new KnownNumbers('');

/** Those that hold for a version, as the transaction reads it. */
export function knownNumbers(version: string): KnownNumbers {
  if (!known.isOf(version)) known = new KnownNumbers(version);
  return known;
}
