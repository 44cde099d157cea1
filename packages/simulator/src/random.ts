import { unsafeUniformIntDistribution, xoroshiro128plus, type RandomGenerator } from 'pure-rand';

/**
 * A stream of random numbers. Streams of another seed, purpose or index are independent, so drawing from one shifts no other.
 * At most 2^32 different streams exist; two parcels in some thousands of millions may live the same life.
 */
export class Random {
  private readonly generator: RandomGenerator;

  constructor(seed: number, purpose: string, index = 0, subIndex = 0) {
    this.generator = xoroshiro128plus(mix(mix(mix(hash(purpose), seed), index), subIndex));
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return unsafeUniformIntDistribution(0, 0x7fffffff, this.generator) / 0x80000000;
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return unsafeUniformIntDistribution(0, n - 1, this.generator);
  }

  /** One of the items, all equally likely. @throws RangeError for an empty list */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  /** Exponentially distributed with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Log-normally distributed with this median; `sigma` is the standard deviation of the logarithm (Box-Muller transform). */
  logNormal(median: number, sigma: number): number {
    return (
      median *
      Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit()))
    );
  }
}

const HASHES = new Map<string, number>();

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Purposes are few, so their hashes are kept. */
function hash(text: string): number {
  const known = HASHES.get(text);
  if (known !== undefined) return known;
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  HASHES.set(text, h | 0);
  return h | 0;
}

/** Folds a whole number of up to 53 bits into a hash: the body and finaliser of MurmurHash3 (public domain, Austin Appleby). */
function mix(h: number, value: number): number {
  return finish(step(step(h, value | 0), Math.floor(value / 0x1_0000_0000) | 0));
}

function step(h: number, k: number): number {
  let x = Math.imul(k, 0xcc9e2d51);
  x = Math.imul((x << 15) | (x >>> 17), 0x1b873593);
  const y = h ^ x;
  return (Math.imul((y << 13) | (y >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}
