import { bundleServices } from '../services';
import { rounds, type Figures } from '../support';
import { makeBed, type Bed } from './bed';
import { makeCodedBed } from './codedBed';
import { NotTogetherError } from './measure';
import type { Measured } from './meter';
import { report } from './report';
import { VARIANTS } from './variants';
import type { Variant } from './variants/variant';

export interface ConsumerOptions {
  readonly events: number;
  readonly rounds: number;
  /** Names of variants or programs. */
  readonly variants: readonly string[];
}

const START_ATTEMPTS = 4;

/**
 * Measures how fast the events of a topic become committed rows: the project's consumer, other sinks, and COPY as the limit, round
 * by round in turn. A program of others that cannot be had here is left out, and the reason is told.
 */
export async function benchConsumer(options: ConsumerOptions): Promise<Record<string, unknown>> {
  await bundleServices();
  const wanted = VARIANTS.filter(({ name, program = name }) =>
    [name, program].some((n) => options.variants.includes(n)),
  );
  const notMeasured = new Map<string, string>();
  for (const variant of wanted) await orLeaveOut(variant, notMeasured, async () => variant.prepare?.());
  const bed = await makeBed(options.events);
  let coded: Bed | undefined;
  try {
    if (wanted.some((variant) => variant.coded)) coded = await makeCodedBed(bed);
    const bedOf = (variant: Variant) => (variant.coded ? (coded ?? bed) : bed);
    const figures = await rounds(
      options.rounds,
      Object.fromEntries(
        wanted.map((variant) => [variant.name, roundOf(variant, bedOf(variant), notMeasured)]),
      ),
    );
    const { result, table } = report(figures, wanted, notMeasured);
    process.stderr.write(table);
    return result;
  } finally {
    await coded?.stop();
    await bed.stop();
  }
}

/** Measures a variant, a round at each call; its figures are its name, and its name with `_cpu_us`, `_mb`, `_others_pct`. */
function roundOf(variant: Variant, bed: Bed, notMeasured: Map<string, string>): () => Promise<Figures> {
  const { name } = variant;
  let tries = 0;
  const attempt = () => variant.run(bed, `bench_${name}_${++tries}`);
  return async () => {
    const measured = await orLeaveOut(variant, notMeasured, () => startingTogether(attempt));
    if (measured === undefined) return {};
    const { rowsPerS, cpuUsPerRow, peakMb, othersShare } = measured;
    return {
      [name]: rowsPerS,
      [`${name}_cpu_us`]: cpuUsPerRow,
      ...(peakMb === undefined ? {} : { [`${name}_mb`]: peakMb }),
      ...(othersShare === undefined ? {} : { [`${name}_others_pct`]: 100 * othersShare }),
    };
  };
}

async function startingTogether(attempt: () => Promise<Measured>): Promise<Measured> {
  for (let left = START_ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NotTogetherError) || left === 0) throw error;
      process.stderr.write(`${error.message}; once more\n`);
    }
  }
}

/** Does it, unless the variant has failed before. @throws when one of our own variants fails */
async function orLeaveOut<T>(
  { name, optional }: Variant,
  notMeasured: Map<string, string>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (notMeasured.has(name)) return undefined;
  try {
    return await work();
  } catch (error) {
    if (optional !== true) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    notMeasured.set(name, reason.split('\n')[0] ?? reason);
    process.stderr.write(`${name} is left out: ${reason}\n`);
    return undefined;
  }
}
