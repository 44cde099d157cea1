import { copy } from './copy';
import { debezium } from './debezium';
import { ours } from './ours';
import { telegraf } from './telegraf';
import type { Variant } from './variant';

/** All variants, in the order in which a round runs them. */
export const VARIANTS: readonly Variant[] = [
  ours(1),
  ours(2),
  ours(1, 'coded'),
  ours(2, 'coded'),
  debezium({ tasks: 1, unnest: false }),
  debezium({ tasks: 2, unnest: false }),
  debezium({ tasks: 1, unnest: true }),
  debezium({ tasks: 2, unnest: true }),
  telegraf,
  copy,
];

/** What can be asked for: variants, and programs for all variants of theirs. */
export const CHOICES = [...new Set(VARIANTS.flatMap(({ name, program }) => [name, program ?? name]))];

/** What is measured unless asked otherwise. */
export const DEFAULTS = VARIANTS.filter(({ whenNotAsked }) => whenNotAsked?.() !== false).map(
  ({ name }) => name,
);
