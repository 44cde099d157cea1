import { alignedTable, rounded, type Figures } from '../support';
import type { Variant } from './variants/variant';

export interface Report {
  /** For the last line of stdout. */
  readonly result: Record<string, unknown>;
  /** For a person. */
  readonly table: string;
}

/** Figures by variant and program. */
type Columns = Readonly<Record<'rates' | 'memory' | 'cpu' | 'others', Figures>>;

const OURS = ['ours_1', 'ours_2'];

/** Rates, ratios of ours to everything else, CPU and memory from the medians of all rounds. */
export function report(
  figures: Figures,
  variants: readonly Variant[],
  notMeasured: ReadonlyMap<string, string>,
): Report {
  const measured = variants.filter(({ name }) => name in figures);
  const of = (suffix: string): Figures =>
    Object.fromEntries(
      measured.flatMap(({ name }) => {
        const value = figures[`${name}${suffix}`];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const best = bestOfPrograms(of(''), measured);
  const column = (suffix: string) => withPrograms(of(suffix), best);
  const columns = {
    rates: column(''),
    memory: column('_mb'),
    cpu: column('_cpu_us'),
    others: column('_others_pct'),
  };
  return {
    result: {
      rows_per_s: rounded(columns.rates),
      ratios: rounded(ratiosOf(columns.rates)),
      peak_mb: rounded(columns.memory),
      cpu_us_per_row: rounded(columns.cpu),
      cpu_used_by_others_pct: rounded(columns.others),
      best_of: best,
      not_measured: Object.fromEntries(notMeasured),
    },
    table: tableOf(columns, notMeasured),
  };
}

/** For each program with several variants, the name of the fastest one. */
function bestOfPrograms(rates: Figures, measured: readonly Variant[]): Readonly<Record<string, string>> {
  const best: Record<string, string> = {};
  for (const { name, program } of measured) {
    if (program === undefined) continue;
    const known = best[program];
    if (known === undefined || (rates[name] ?? 0) > (rates[known] ?? 0)) best[program] = name;
  }
  return best;
}

function withPrograms(figures: Figures, best: Readonly<Record<string, string>>): Figures {
  const programs = Object.entries(best).map(([program, name]) => [program, figures[name]] as const);
  return {
    ...figures,
    ...Object.fromEntries(programs.filter((entry): entry is [string, number] => entry[1] !== undefined)),
  };
}

function ratiosOf(rates: Figures): Figures {
  const ratios: Record<string, number> = {};
  for (const our of OURS) {
    for (const [other, rate] of Object.entries(rates)) {
      const own = rates[our];
      if (own !== undefined && other !== our) ratios[`${our}/${other}`] = own / rate;
    }
  }
  return ratios;
}

function tableOf({ rates, memory, cpu, others }: Columns, notMeasured: ReadonlyMap<string, string>): string {
  const cell = (value: number | undefined, digits: number) =>
    value === undefined ? '-' : value.toLocaleString('en-US', { maximumFractionDigits: digits });
  const head = [
    'variant',
    'rows/s',
    ...OURS.map((our) => `${our} is`),
    'CPU us/row',
    'peak MB',
    'others use',
  ];
  const rows = Object.keys(rates)
    .sort((a, b) => (rates[b] ?? 0) - (rates[a] ?? 0))
    .map((name) => {
      const times = OURS.map((our) => {
        const own = rates[our];
        return own === undefined ? '-' : `${cell(own / (rates[name] ?? NaN), 2)} x`;
      });
      return [
        name,
        cell(rates[name], 0),
        ...times,
        cell(cpu[name], 1),
        cell(memory[name], 0),
        others[name] === undefined ? '-' : `${cell(others[name], 0)} %`,
      ];
    });
  const left = [...notMeasured].map(([name, reason]) => `${name} was not measured: ${reason}`);
  return `\n${[alignedTable([head, ...rows]), ...left].join('\n')}\n`;
}
