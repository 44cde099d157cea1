import { cpuOf, cpuOfMachine, cpuOfServer, peakMemoryMb } from '../processes';
import type { Bed } from './bed';

/** One variant in one round. */
export interface Measured {
  readonly rowsPerS: number;
  /** CPU microseconds per row, of the consumer's processes and of the database server together. */
  readonly cpuUsPerRow: number;
  /** Peak resident size of the consumer's processes; left out where there is none. */
  readonly peakMb?: number;
  /** Share of the machine's CPU time that went to what is no part of the benchmark: the rate is too low by that much and more. */
  readonly othersShare?: number;
}

/** What has been used up to a moment: milliseconds for `at`, microseconds of CPU time for the rest. */
interface Reading {
  readonly at: number;
  readonly measured: number;
  readonly benchmark: number;
  readonly machine: { readonly busy: number; readonly all: number };
}

export interface Meter {
  read(): Reading;
  /** What `rows` rows have cost between two readings. */
  between(start: Reading, end: Reading, rows: number): Measured;
}

/** What a meter measures with the database server. */
export interface Metered {
  /** A consumer's processes. */
  readonly pids?: readonly number[];
  /** Whether this process is measured, too. */
  readonly withSelf?: boolean;
  /** The server's process in which the benchmark looks for the end: no sink causes it. */
  readonly watcher?: number | undefined;
}

/** Measures a consumer's processes and the database server. */
export function createMeter(bed: Bed, { pids = [], withSelf = false, watcher }: Metered): Meter {
  return {
    read() {
      const { user, system } = process.cpuUsage();
      const watching = watcher === undefined ? 0 : cpuOf([watcher]);
      const self = user + system + watching;
      const sink = cpuOf(pids) + cpuOfServer(bed.postmaster) - watching;
      return {
        at: performance.now(),
        measured: sink + (withSelf ? self - watching : 0),
        benchmark: sink + self + cpuOf([bed.brokerPid]),
        machine: cpuOfMachine(),
      };
    },
    between(start, end, rows) {
      const busy = end.machine.busy - start.machine.busy;
      const others = busy - (end.benchmark - start.benchmark);
      return {
        rowsPerS: rows / ((end.at - start.at) / 1000),
        cpuUsPerRow: (end.measured - start.measured) / rows,
        othersShare: Math.max(0, others) / (end.machine.all - start.machine.all),
        ...(pids.length === 0 ? {} : { peakMb: peakMemoryMb(pids) }),
      };
    },
  };
}
