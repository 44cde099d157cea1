import { setImmediate } from 'node:timers/promises';
import { HEADER_PROBLEM, HEADER_PROFILE, type Decoder, type Rejection } from '@rastreio/contract';
import {
  receivedEvent,
  type ReadPosition,
  type ReceivedEvent,
  type RejectedMessage,
} from '@rastreio/database';
import type { IHeaders } from 'kafkajs';
import type { ReceivedRecord } from './record';

/** The messages of one partition, sorted into valid events and rejected messages. */
export interface Assembled {
  readonly topic: string;
  readonly partition: number;
  readonly events: readonly ReceivedEvent[];
  /** The record of each event, so that it can be dead-lettered whole even when only the database refuses it. */
  readonly records: readonly ReceivedRecord[];
  readonly rejected: readonly RejectedMessage[];
  /** How many of them all had no time of their own that can be true. */
  readonly untimed: number;
  /** How far the partition is read with them; undefined for a part behind which there is more. */
  readonly position: ReadPosition | undefined;
}

/** Messages that are decoded in one go: what else is to be done waits so long, some ten milliseconds. */
const AT_A_TIME = 5_000;

/** What has been read of a partition. */
export interface ReadRecords {
  readonly topic: string;
  readonly partition: number;
  /** In Kafka's order. */
  readonly records: readonly ReceivedRecord[];
  /** How far the partition is read with them; left out where there is more behind them. */
  readonly position?: ReadPosition;
}

/** Decodes every record; each ends up in exactly one of the two lists, in order. Between parts of them the process does other things. */
export async function assemble(
  { topic, partition, records: received, position }: ReadRecords,
  decode: Decoder,
): Promise<Assembled> {
  const events: ReceivedEvent[] = [];
  const records: ReceivedRecord[] = [];
  const rejected: RejectedMessage[] = [];
  let untimed = 0;
  let decoded = 0;
  for (const record of received) {
    if (++decoded % AT_A_TIME === 0) await setImmediate();
    if (record.untimed) untimed++;
    if (record.unread) {
      rejected.push(rejectRecord({ topic, partition }, record, unreadPayload(record.headers)));
      continue;
    }
    const result = record.decodedBy(decode);
    if (result.ok) {
      events.push(receivedEvent(result.event, record.receivedMs));
      records.push(record);
    } else rejected.push(rejectRecord({ topic, partition }, record, result.rejections[0]));
  }
  return { topic, partition, events, records, rejected, untimed, position };
}

/** How far two parts of a partition are read as one; undefined where the later one is not right behind the earlier, or messages are missing before one. */
export function joinPositions(earlier: ReadPosition, later: ReadPosition): ReadPosition | undefined {
  if (later.after !== earlier.next || earlier.removed !== null || later.removed !== null) return undefined;
  return { ...earlier, next: later.next };
}

/** A part of the valid events, from one index up to another; what is counted once stays with the first part, the position with the last. */
export function sliceEvents(assembled: Assembled, from: number, to: number): Assembled {
  return {
    ...assembled,
    events: assembled.events.slice(from, to),
    records: assembled.records.slice(from, to),
    rejected: from === 0 ? assembled.rejected : [],
    untimed: from === 0 ? assembled.untimed : 0,
    position: to === assembled.events.length ? assembled.position : undefined,
  };
}

/** What is said of a payload that its profile could not read. */
function unreadPayload(headers: ReceivedRecord['headers']): Rejection {
  const { [HEADER_PROFILE]: profile = '', [HEADER_PROBLEM]: problem } = printableHeaders(headers);
  return {
    reason: 'unreadable_payload',
    field: null,
    detail: `${problem || 'its source could not read it'}; correct the profile and read it again by "npm run dlq -- replay --profile ${profile}"`,
  };
}

/** What is kept of a rejected record: its bytes untouched, and why. */
export function rejectRecord(
  { topic, partition }: Pick<Assembled, 'topic' | 'partition'>,
  record: ReceivedRecord,
  rejection: Rejection,
): RejectedMessage {
  return {
    topic,
    partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: record.key,
    value: record.value,
    headers: printableHeaders(record.headers),
    reason: rejection.reason,
    field: rejection.field,
    // The column is text, which cannot hold what some rejected values hold.
    detail: rejection.detail.replaceAll('\0', '\\u0000').toWellFormed(),
    recebido_em: record.receivedMs,
  };
}

/** Headers as text for reading in SQL; the dead-letter topic has the bytes. */
function printableHeaders(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      printable(name),
      [values ?? []]
        .flat()
        .map((value) => printable(value.toString()))
        .join(','),
    ]),
  );
}

function printable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
