import { readdirSync, readFileSync } from 'node:fs';

/** Fields of /proc/PID/stat as proc(5) numbers them. */
const FIELD = { parent: 4, user: 14, system: 15, childrenUser: 16, childrenSystem: 17 } as const;
const OWN = [FIELD.user, FIELD.system];
const ENDED_CHILDREN = [FIELD.childrenUser, FIELD.childrenSystem];
const WITH_ENDED_CHILDREN = [...OWN, ...ENDED_CHILDREN];
/** USER_HZ, the unit of /proc's times: 100 on every Linux that node runs on. */
const MICROSECONDS_PER_TICK = 1e6 / 100;

/** CPU time that the processes have used since they began, user and system, in microseconds. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticks(pid, OWN) * MICROSECONDS_PER_TICK, 0);
}

/**
 * CPU time in microseconds of a database server: its main process, the backends that live and those that ended (they are in
 * the main process's sum of children). Writers in the background and autovacuum are in it, too: they are caused by the load.
 */
export function cpuOfServer(postmaster: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
  const living = cpuOf(children.map(Number));
  return ticks(postmaster, WITH_ENDED_CHILDREN) * MICROSECONDS_PER_TICK + living;
}

/** CPU time in microseconds of the processes that this one started and that have ended, with those that they started and waited for. */
export function cpuOfEndedChildren(): number {
  return ticks(process.pid, ENDED_CHILDREN) * MICROSECONDS_PER_TICK;
}

/** CPU time in microseconds that the machine has had since its start: what was busy, and all of it. */
export function cpuOfMachine(): { busy: number; all: number } {
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is in these already.
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, n) => sum + n, 0) * MICROSECONDS_PER_TICK;
  const [, , , idle = NaN, waiting = NaN] = ticks;
  return { busy: all - (idle + waiting) * MICROSECONDS_PER_TICK, all };
}

/** The process that started this one, undefined if it is gone. */
export function parentOf(pid: number | string): number | undefined {
  try {
    return statField(readStat(pid), FIELD.parent);
  } catch {
    // It ended between the listing and the look, which is what undefined says.
    return undefined;
  }
}

/** The most memory that the processes have had resident, each at its own time, in MB. */
export function peakMemoryMb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return sum + Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1024;
  }, 0);
}

function ticks(pid: number, fields: readonly number[]): number {
  try {
    const stat = readStat(pid);
    return fields.reduce((sum, field) => sum + statField(stat, field), 0);
  } catch {
    // A backend that ended since it was listed: its time is in its parent's sum the next time.
    return 0;
  }
}

/** The fields from the third on: the second is a name in parentheses, which may hold spaces. */
function readStat(pid: number | string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function statField(stat: readonly string[], field: number): number {
  return Number(stat[field - 3]);
}
