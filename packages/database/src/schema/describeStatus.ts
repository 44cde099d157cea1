import type { Columnstore, DatabaseStatus, LockRoom } from './status';

/** The status as lines for a person. */
export function describeStatus(status: DatabaseStatus): string {
  const { timescaledb, hypertables, chunkInterval, applied, pending, unknown, formerLacks } = status;
  const lines: [string, string][] = [
    ['PostgreSQL', status.server],
    [
      'TimescaleDB',
      timescaledb === null
        ? 'not installed: hypertables are off'
        : `${timescaledb.version} (${timescaledb.license} licence)`,
    ],
    ['Hypertables', hypertables.join(', ') || 'none'],
    ['Days of', status.timeZone ?? 'not stored yet'],
    ['Chunk interval', chunkInterval ?? 'no chunks'],
    ['Columnstore', describeColumnstore(status)],
    ['Locks', status.locks === null ? 'no chunks' : describeLocks(status.locks)],
    ['Events kept', status.horizon === null ? 'all' : `from ${status.horizon} on`],
    ['Applied', applied.join(', ') || 'nothing'],
    ['Functions', describeFunctions(status)],
    ['Pending', pending.join(', ') || 'nothing'],
    ['Parcels', String(status.parcels)],
    ['Rejected messages', String(status.rejected)],
  ];
  if (unknown.length > 0) lines.push(['Unknown here', `${unknown.join(', ')}: migrated by a newer version`]);
  if (formerLacks !== null && applied.length === 0)
    lines.push(['Former version', describeFormer(formerLacks)]);
  return lines.map(([name, value]) => `${name.padEnd(18)} ${value}\n`).join('');
}

function describeLocks({ chunks, needed, room, setting, wanted }: LockRoom): string {
  const counts = `${chunks} chunks of events; a dashboard takes up to ${needed} locks, and there is room for ${room}`;
  return needed <= room
    ? counts
    : `${counts}. TOO FEW: set max_locks_per_transaction = ${wanted} in postgresql.conf (now ${setting}) and restart PostgreSQL, or queries end with "out of shared memory" (53200)`;
}

function describeFunctions({ functions, functionsAppliedAt }: DatabaseStatus): string {
  switch (functions) {
    case 'current':
      return `those of this checkout, applied at ${functionsAppliedAt}`;
    case 'newer':
      return `those of another version, applied at ${functionsAppliedAt} after those of this checkout`;
    case 'differs':
      return `not those of this checkout; applied at ${functionsAppliedAt}`;
    case 'never':
      return 'never applied';
  }
}

function describeFormer(lacks: readonly string[]): string {
  return lacks.length === 0 ? 'whole: db:migrate takes it over' : `lacks ${lacks.join(', ')}`;
}

function describeColumnstore({ timescaledb, columnstore }: DatabaseStatus): string {
  if (columnstore !== null) return describeChunks(columnstore);
  if (timescaledb?.license === 'timescale') return 'off';
  return 'off: only the community edition of TimescaleDB has it';
}

function describeChunks({ after, compressed, chunks, rowBytes, columnBytes }: Columnstore): string {
  const when = after === null ? 'on, without a policy' : `on, after ${after}`;
  const sizes = compressed === 0 ? '' : `, ${megabytes(rowBytes)} became ${megabytes(columnBytes)}`;
  return `${when}; ${compressed} of ${chunks} chunks${sizes}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
