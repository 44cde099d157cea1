import { copy } from './copy';
import { ours } from './ours';
import { naive, seed } from './perMessage';
import type { Variant } from './variant';

/** All variants, in the order in which a round runs them. */
export const VARIANTS: readonly Variant[] = [ours(1), ours(2), copy, naive, seed];

/** What can be asked for: variants, and programs for all variants of theirs. */
export const CHOICES = [...new Set(VARIANTS.flatMap(({ name, program }) => [name, program ?? name]))];
