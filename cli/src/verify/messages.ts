import { hash } from 'node:crypto';
import type { TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import QueryStream from 'pg-query-stream';
import type { Differences } from './differences';

type RejectedTruth = Extract<TruthRecord, { record: 'rejected' }>;
type TruthHeader = Extract<TruthRecord, { record: 'header' }>;

/** How many distinct events must be accepted, messages rejected, and consumed in all. */
export interface Expected {
  readonly accepted: number;
  readonly rejected: number;
  readonly sent: number;
}

/** What a truth's header foresees. */
export function expectedMessages({ messages, refused_at_source }: TruthHeader): Expected {
  const n = (kind: keyof TruthHeader['messages']) => messages[kind] ?? 0;
  const rejected = n('malformed') + n('naive') + n('future') - refused_at_source;
  const accepted = n('event') + n('late') + n('unknown') + n('conflict') + n('mistake') + n('correction');
  return { accepted, rejected, sent: accepted + n('duplicate') + rejected };
}

export interface RejectedResult {
  readonly compared: number;
  readonly lost: number;
  readonly surplus: number;
}

/** The rejected messages that must be there, told apart by reason, field and bytes. */
export class RejectedSet {
  private readonly counts = new Map<string, { expected: number; found: number; shown: string }>();

  add({ motivo, campo, valor }: Omit<RejectedTruth, 'record'>): void {
    this.count(Buffer.from(valor), motivo, campo).expected++;
  }

  /**
   * Compares with the table; each message counts as often as it was sent.
   *
   * @param resent messages that Kafka has twice because a producer did not know that the first one had arrived. Nothing tells
   *   which they are, and a rejected one is in the table by each of its places in Kafka: so many rows may be there on top.
   */
  async compare(
    client: ClientBase,
    { ignoreOthers, resent }: { readonly ignoreOthers: boolean; readonly resent: number },
    differences: Differences,
  ): Promise<RejectedResult> {
    const rows = client.query(new QueryStream('SELECT motivo, campo, valor FROM eventos_rejeitados'));
    const result = { compared: 0, lost: 0, surplus: 0 };
    differences.same('rejected', 'rejected messages', true, true);
    for await (const row of rows as AsyncIterable<{
      motivo: string;
      campo: string | null;
      valor: Buffer | null;
    }>) {
      result.compared++;
      this.count(row.valor ?? Buffer.alloc(0), row.motivo, row.campo).found++;
    }
    let again = 0;
    for (const { expected, found, shown } of this.counts.values()) {
      const what = `rejected message ${shown}`;
      if (found < expected) {
        result.lost += expected - found;
        differences.same('rejected', what, 'in the table', `${expected - found} missing`);
      }
      if (found > expected && !ignoreOthers) {
        const known = expected > 0 && (again += found - expected) <= resent;
        if (known) continue;
        result.surplus += found - expected;
        differences.same('rejected', what, expected, `${found} in the table`);
      }
    }
    return result;
  }

  private count(value: Buffer, reason: string, field: string | null): { expected: number; found: number } {
    const key = `${reason} ${field ?? ''} ${hash('md5', value)}`;
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const shown = `${reason} ${field ?? ''}: ${value.toString('utf8').slice(0, 120)}`;
    const fresh = { expected: 0, found: 0, shown };
    this.counts.set(key, fresh);
    return fresh;
  }
}

const ACCOUNTS = `
  SELECT topico, particao, sum(consumidos)::float8 AS consumidos, sum(inseridos)::float8 AS inseridos,
         sum(duplicados)::float8 AS duplicados, sum(rejeitados)::float8 AS rejeitados
  FROM ingestao GROUP BY topico, particao ORDER BY topico, particao`;

// An event that was stored under both numbers of its parcel before these were joined was inserted twice and is one since. Where old events were
// removed (npm run db:retain) this counts those as well, which had to be inserted.
const JOINED = `SELECT fora_da_conta::float8 AS joined FROM retencao WHERE horizonte = '-infinity'`;

interface Account {
  readonly topico: string;
  readonly particao: number;
  readonly consumidos: number;
  readonly inseridos: number;
  readonly duplicados: number;
  readonly rejeitados: number;
}

export interface AccountsResult {
  readonly consumed: number;
  readonly inserted: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** Messages consumed more than once, as after a crash; harmless. */
  readonly redelivered: number;
}

/** Compares the accounting identity of each partition, and what was inserted with what had to be. */
export async function compareAccounts(
  client: ClientBase,
  expected: Expected,
  ignoreOthers: boolean,
  differences: Differences,
): Promise<AccountsResult> {
  const { rows } = await client.query<Account>(ACCOUNTS);
  const sum = (column: 'consumidos' | 'inseridos' | 'duplicados' | 'rejeitados') =>
    rows.reduce((total, row) => total + row[column], 0);
  for (const { topico, particao, consumidos, inseridos, duplicados, rejeitados } of rows)
    differences.same(
      'accounts',
      `consumed = inserted + duplicate + rejected in ${topico}, partition ${particao}`,
      consumidos,
      inseridos + duplicados + rejeitados,
    );
  const consumed = sum('consumidos');
  if (!ignoreOthers) {
    const [{ joined } = { joined: 0 }] = (await client.query<{ joined: number }>(JOINED)).rows;
    differences.same('accounts', 'events inserted', expected.accepted, sum('inseridos') - joined);
    differences.same('accounts', 'every message sent is consumed', true, consumed >= expected.sent);
  }
  return {
    consumed,
    inserted: sum('inseridos'),
    duplicate: sum('duplicados'),
    rejected: sum('rejeitados'),
    redelivered: Math.max(0, consumed - expected.sent),
  };
}
