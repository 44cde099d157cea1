import type { Target } from '@rastreio/grafana';
import type { Browser } from 'playwright-core';
import type { Checkout } from './checkout';

/** What every step on the screen works with. */
export interface Context {
  readonly browser: Browser;
  readonly checkout: Checkout;
  readonly target: Target;
  readonly screenshots: string | undefined;
  readonly say: (text: string) => void;
}
