import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@rastreio/database';
import { readTruth, type TruthHeader, type TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import { Differences, type Difference } from './differences';
import { compareFigures } from './figures';
import {
  compareAccounts,
  expectedMessages,
  RejectedSet,
  type AccountsResult,
  type Expected,
} from './messages';
import { compareParcels, type ParcelsResult } from './parcels';

export interface VerifyOptions {
  readonly file: string;
  readonly databaseUrl: string;
  /** How long to wait until as much is written as must be; then what is there is compared. */
  readonly waitMs: number;
  /** The database holds other parcels, too: only this world's are compared, and no figure over all of them. */
  readonly ignoreOthers: boolean;
  /**
   * Messages that Kafka has. More than the truth says were sent again by a producer that was killed or cut off; each must be
   * accounted for. Left out, as many as the truth says.
   */
  readonly inKafka?: number | undefined;
}

export interface VerifyResult {
  readonly ok: boolean;
  readonly parcels: ParcelsResult;
  readonly rejected: number;
  /** Events and rejected messages that were sent and are not there. */
  readonly lost: number;
  /** Events and rejected messages that are there more often than they were sent, or were never sent. */
  readonly duplicated: number;
  /** Parcels whose row is wrong. */
  readonly wrongStates: number;
  /** Messages that Kafka has more than once. */
  readonly resent: number;
  readonly accounts: AccountsResult;
  /** Number of differences by section. */
  readonly different: Readonly<Record<string, number>>;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

const POLL_MS = 250;

/**
 * Compares a database with a ground-truth file: every parcel's state, the content of its events, the rejected messages with
 * their reasons and bytes, the figures, and the accounting identity. All of it is read in one snapshot.
 *
 * @throws Error when the file is no ground truth, and the database's own errors
 */
export async function verify({
  file,
  databaseUrl,
  waitMs,
  ignoreOthers,
  inKafka,
}: VerifyOptions): Promise<VerifyResult> {
  const header = await readHeader(file);
  const planned = expectedMessages(header);
  const expected = { ...planned, sent: Math.max(planned.sent, inKafka ?? 0) };
  const deadline = Date.now() + waitMs;
  return withClient(databaseUrl, async (client) => {
    await waitFor(expected, deadline, async () => {
      const { rows } = await client.query<{ inserted: number; rejected: number }>(
        `SELECT coalesce(sum(inseridos), 0)::float8 AS inserted, coalesce(sum(rejeitados), 0)::float8 AS rejected FROM ingestao`,
      );
      return rows[0] ?? { inserted: 0, rejected: 0 };
    });
    for (;;) {
      const result = await compare(client, { file, expected, planned, inKafka, ignoreOthers });
      // The accounts tell nobody's messages apart: with others, only what is missing tells that not all of it is written yet.
      if (!ignoreOthers || result.lost === 0 || Date.now() >= deadline) return result;
      await sleep(POLL_MS);
    }
  });
}

interface Comparison extends Pick<VerifyOptions, 'file' | 'inKafka' | 'ignoreOthers'> {
  readonly planned: Expected;
  readonly expected: Expected;
}

async function compare(
  client: ClientBase,
  { file, planned, expected, inKafka, ignoreOthers }: Comparison,
): Promise<VerifyResult> {
  const resent = expected.sent - planned.sent;
  const differences = new Differences();
  if (inKafka !== undefined && inKafka < planned.sent)
    differences.same('accounts', 'messages in Kafka', planned.sent, inKafka);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const rejectedSet = new RejectedSet();
    let figures: Extract<TruthRecord, { record: 'kpis' }> | undefined;
    const truths = async function* () {
      for await (const record of readTruth(file)) {
        if (record.record === 'parcel') yield record;
        else if (record.record === 'rejected') rejectedSet.add(record);
        else if (record.record === 'kpis') figures = record;
      }
    };
    const parcels = await compareParcels(client, truths(), ignoreOthers, differences);
    const rejected = await rejectedSet.compare(client, { ignoreOthers, resent }, differences);
    if (figures !== undefined && !ignoreOthers) await compareFigures(client, figures, differences);
    const accounts = await compareAccounts(client, expected, ignoreOthers, differences);
    const { counts, kept, total } = differences;
    return {
      ok: total === 0,
      parcels,
      rejected: rejected.compared,
      lost: parcels.lost + rejected.lost,
      duplicated: parcels.surplus + rejected.surplus,
      wrongStates: parcels.wrongStates,
      resent,
      accounts,
      different: counts,
      differences: kept,
    };
  } finally {
    await client.query('ROLLBACK');
  }
}

async function readHeader(file: string): Promise<TruthHeader> {
  for await (const record of readTruth(file)) if (record.record === 'header') return record;
  throw new Error(`${file} is empty; run simulate --ground-truth again`);
}

async function waitFor(
  { accepted, rejected }: Expected,
  deadline: number,
  read: () => Promise<{ inserted: number; rejected: number }>,
): Promise<void> {
  while (Date.now() < deadline) {
    const written = await read();
    if (written.inserted >= accepted && written.rejected >= rejected) return;
    await sleep(POLL_MS);
  }
}
