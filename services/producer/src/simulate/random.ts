import { unsafeUniformIntDistribution, xoroshiro128plus, type RandomGenerator } from 'pure-rand';

/** A stream of random numbers. Streams of different names or indexes are independent, so drawing from one shifts no other. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  /** Uniform integer in [0, n). */
  readonly below: (n: number) => number;
  /** Exponentially distributed with this mean. */
  readonly exponential: (mean: number) => number;
  /** Log-normally distributed with this median; `sigma` is the standard deviation of the logarithm. */
  readonly logNormal: (median: number, sigma: number) => number;
}

/** The stream of this seed, purpose and index: always the same. */
export function randomStream(seed: number, purpose: string, index = 0): Random {
  const generator: RandomGenerator = xoroshiro128plus(hash(`${seed}/${purpose}/${index}`));
  const unit = () => unsafeUniformIntDistribution(0, 0x7fffffff, generator) / 0x80000000;
  return {
    unit,
    chance: (probability) => unit() < probability,
    below: (n) => unsafeUniformIntDistribution(0, n - 1, generator),
    exponential: (mean) => -mean * Math.log(1 - unit()),
    // Box-Muller transform.
    logNormal: (median, sigma) =>
      median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())),
  };
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}
