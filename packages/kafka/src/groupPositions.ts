import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import type { Admin } from 'kafkajs';
import { createKafka } from './client';
import type { KafkaConnection } from './security/connection';

/** How far a group has read a partition. Offsets are whole numbers. */
export interface Position {
  readonly partition: number;
  /** The offset of the next message that it reads; null where it has read none. */
  readonly next: string | null;
  /** The first that Kafka still has. */
  readonly first: string;
  /** The one that the next message gets. */
  readonly end: string;
  /** Where a person let the group pass over messages on purpose, up to `next`: the first of them; else null. */
  readonly passedOverFrom: string | null;
}

export interface GroupPositions {
  readonly members: number;
  readonly positions: readonly Position[];
}

interface GroupOptions extends KafkaConnection {
  readonly group: string;
  readonly topic: string;
  readonly log: Log;
}

/** What the group's position is marked with where a person set it: the first offset that was passed over on purpose. */
const PASSED_OVER = 'rastreio: passed over from ';

/** Where a position lies behind messages that a person let the group pass over: the first of them; else null. @param metadata of the position */
export function passedOverFrom(metadata: string | null): bigint | null {
  const from = metadata?.startsWith(PASSED_OVER) === true ? metadata.slice(PASSED_OVER.length) : '';
  return /^\d+$/.test(from) ? BigInt(from) : null;
}

/** How many members a group has and how far it has read each partition of a topic. */
export async function readGroup(options: GroupOptions): Promise<GroupPositions> {
  return withAdmin(options, (admin) => positionsOf(admin, options));
}

/**
 * Sets where a group goes on reading a partition, forward only: messages are passed over for a person's reasons, and none is read a second
 * time by mistake.
 *
 * @returns the position before
 * @throws OperatorError (1) while the group has members, who would write their own position over it; (2) when there is no such
 *   partition, or the offset is not after the position and up to the end
 */
export async function skipTo(
  options: GroupOptions & { readonly partition: number; readonly offset: string },
): Promise<Position> {
  const { group, topic, partition, offset } = options;
  return withAdmin(options, async (admin) => {
    const { members, positions } = await positionsOf(admin, options);
    const position = positions.find((p) => p.partition === partition);
    if (position === undefined)
      throw new OperatorError(
        `${topic} has no partition ${partition}; it has 0 to ${positions.length - 1}`,
        EXIT.usage,
      );
    if (members > 0)
      throw new OperatorError(
        `group ${group} has ${members} ${members === 1 ? 'member' : 'members'}, who would write their own position over this one; stop the consumers first`,
      );
    const from = BigInt(position.next ?? position.first);
    if (BigInt(offset) <= from || BigInt(offset) > BigInt(position.end))
      throw new OperatorError(
        `offset ${offset} of ${topic}:${partition} is not after ${from}, where the group reads, and up to ${position.end}, the end`,
        EXIT.usage,
      );
    // Of several steps the first one counts: what each of them passes over is one stretch.
    const metadata = `${PASSED_OVER}${position.passedOverFrom ?? from}`;
    await commitAs(options, { topic, partition, offset, metadata });
    return position;
  });
}

/** Commits a position with its mark as the group's only member: kafkajs's admin commits without marks. */
async function commitAs(
  { brokers, security, group, topic, log }: GroupOptions,
  position: { topic: string; partition: number; offset: string; metadata: string },
): Promise<void> {
  const member = createKafka({ brokers, security, clientId: 'rastreio-group', log }).consumer({
    groupId: group,
  });
  await member.connect();
  try {
    await member.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve, reject) => {
      member.on(member.events.GROUP_JOIN, () => resolve());
      member.on(member.events.CRASH, ({ payload }) => reject(payload.error));
    });
    // It reads nothing, and commits nothing by itself.
    await member.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    member.pause([{ topic }]);
    await joined;
    await member.commitOffsets([position]);
  } finally {
    await member.disconnect();
  }
}

async function positionsOf(
  admin: Admin,
  { group, topic }: Pick<GroupOptions, 'group' | 'topic'>,
): Promise<GroupPositions> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [read] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const { groups } = await admin.describeGroups([group]);
  const committed = new Map(read?.partitions.map((position) => [position.partition, position]));
  const positions = ends.map(({ partition, low, high }) => {
    const { offset = '-1', metadata = null } = committed.get(partition) ?? {};
    return {
      partition,
      next: offset.startsWith('-') ? null : offset,
      first: low,
      end: high,
      passedOverFrom: passedOverFrom(metadata)?.toString() ?? null,
    };
  });
  return {
    members: groups[0]?.members.length ?? 0,
    positions: positions.sort((a, b) => a.partition - b.partition),
  };
}

async function withAdmin<T>(
  { brokers, security, log }: GroupOptions,
  use: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = createKafka({ brokers, security, clientId: 'rastreio-group', log }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
