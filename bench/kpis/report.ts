import { alignedTable, rounded } from '../support';
import type { Latency } from './latency';
import type { MeasuredQuery } from './queries';
import type { Sizes } from './sizes';
import type { WriteCost } from './writeCost';

/** What was measured at one size. */
export interface SizeResult {
  readonly parcels: number;
  readonly events: number;
  readonly load_s: number;
  readonly latencies: ReadonlyMap<string, Latency>;
  /** The same with old chunks compressed. */
  readonly compressed?: ReadonlyMap<string, Latency> | undefined;
  readonly reference: Readonly<Record<string, number>>;
  readonly bytes: Sizes;
}

/** How much longer the write path may take than without the derived tables. */
const WRITE_TARGET = 0.12;

/** The object for the last line of stdout, and the tables for a person. */
export function report(
  queries: readonly MeasuredQuery[],
  sizes: readonly SizeResult[],
  write: WriteCost | undefined,
): { result: Record<string, unknown>; text: string } {
  const judged = queries.map((query) => judge(query, sizes));
  const missed = judged.filter(({ reached }) => !reached).map(({ name }) => name);
  return {
    result: {
      targets_missed: missed,
      queries: Object.fromEntries(judged.map(({ name, ...rest }) => [name, rest])),
      original_ms: bySize(sizes, ({ reference }) => rounded(reference)),
      bytes: bySize(sizes, ({ bytes }) => bytes),
      load_s: bySize(sizes, ({ load_s }) => Math.round(load_s)),
      events: bySize(sizes, ({ events }) => events),
      ...(write === undefined ? {} : { write }),
    },
    text: [latencyTable(judged, sizes), originalTable(sizes), sizeTable(sizes), writeText(write)]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

interface Judged {
  readonly name: string;
  readonly ms: Readonly<Record<string, Latency>>;
  readonly compressed_ms?: Readonly<Record<string, Latency>>;
  /** p95 at the largest size by p95 at the smallest one. */
  readonly ratio: number;
  readonly target_ms: number;
  readonly target_ratio?: number;
  readonly reached: boolean;
}

function judge({ name, target }: MeasuredQuery, sizes: readonly SizeResult[]): Judged {
  const of = (latencies: ReadonlyMap<string, Latency> | undefined) => {
    const { p50 = NaN, p95 = NaN } = latencies?.get(name) ?? {};
    return rounded({ p50, p95 }) as unknown as Latency;
  };
  const p95 = sizes.map(({ latencies }) => of(latencies).p95);
  const largest = p95.at(-1) ?? NaN;
  const ratio = largest / (p95[0] ?? NaN);
  const compressed = sizes.filter((size) => size.compressed !== undefined);
  return {
    name,
    ms: bySize(sizes, ({ latencies }) => of(latencies)),
    ...(compressed.length === 0 ? {} : { compressed_ms: bySize(compressed, (size) => of(size.compressed)) }),
    ratio: Number(ratio.toPrecision(3)),
    target_ms: target.p95Ms,
    ...(target.ratio === undefined ? {} : { target_ratio: target.ratio }),
    reached: largest <= target.p95Ms && (target.ratio === undefined || ratio <= target.ratio),
  };
}

function bySize<T>(sizes: readonly SizeResult[], of: (size: SizeResult) => T): Record<string, T> {
  return Object.fromEntries(sizes.map((size) => [String(size.parcels), of(size)]));
}

function latencyTable(judged: readonly Judged[], sizes: readonly SizeResult[]): string {
  const head = [
    'query, ms',
    ...sizes.flatMap(({ parcels, compressed }) => [
      `p50 ${short(parcels)}`,
      `p95 ${short(parcels)}`,
      ...(compressed === undefined ? [] : ['compressed']),
    ]),
    ...['ratio', 'target', 'reached'],
  ];
  const rows = judged.map(({ name, ms, compressed_ms, ratio, target_ms, target_ratio, reached }) => [
    name,
    ...sizes.flatMap(({ parcels, compressed }) => [
      cell(ms[parcels]?.p50),
      cell(ms[parcels]?.p95),
      ...(compressed === undefined ? [] : [cell(compressed_ms?.[parcels]?.p95)]),
    ]),
    ratio.toFixed(2),
    `${target_ms}${target_ratio === undefined ? '' : `, ${target_ratio} x`}`,
    reached ? 'yes' : 'NO',
  ]);
  return alignedTable([head, ...rows]);
}

function originalTable(sizes: readonly SizeResult[]): string {
  const names = Object.keys(sizes[0]?.reference ?? {});
  const head = ['run once, ms', ...sizes.map(({ parcels }) => short(parcels))];
  return alignedTable([head, ...names.map((n) => [n, ...sizes.map(({ reference }) => cell(reference[n]))])]);
}

function sizeTable(sizes: readonly SizeResult[]): string {
  const line = (label: string, of: (size: SizeResult) => string) => [label, ...sizes.map(of)];
  const mb = (bytes: number | undefined) => (bytes === undefined ? '-' : cell(bytes / 2 ** 20));
  return alignedTable([
    line('on disk, MB', ({ parcels }) => short(parcels)),
    line('events', ({ bytes }) => mb(bytes.events)),
    line('indexes of events', ({ bytes }) => mb(bytes.event_indexes)),
    line('both, old chunks compressed', ({ bytes }) => mb(bytes.events_compressed)),
    line('pacotes', ({ bytes }) => mb(bytes.pacotes)),
    line('resumo_*', ({ bytes }) => mb(bytes.resumos)),
    line('rows in resumo_*', ({ bytes }) => cell(bytes.resumo_rows)),
    line('events, number', ({ events }) => cell(events)),
    line('loaded in, s', ({ load_s }) => cell(load_s)),
  ]);
}

function writeText(write: WriteCost | undefined): string {
  if (write === undefined) return '';
  const { rows_per_s: rate, cpu_us_per_event: cpu, slower_by_time, slower_by_cpu } = write;
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    alignedTable([
      ['write path', 'events/s', 'CPU us/event'],
      ['with the derived tables', cell(rate.with_tables), cell(cpu.with_tables)],
      ['without', cell(rate.without), cell(cpu.without)],
    ]),
    `slower by ${share(slower_by_time)} (target ${share(WRITE_TARGET)}), CPU ${share(slower_by_cpu)} more: ` +
      (slower_by_time <= WRITE_TARGET ? 'reached' : 'NOT reached'),
  ].join('\n');
}

function cell(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  return value.toLocaleString(
    'en-US',
    value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  );
}

function short(parcels: number): string {
  return parcels >= 1_000_000 ? `${parcels / 1_000_000}M` : parcels.toLocaleString('en-US');
}
