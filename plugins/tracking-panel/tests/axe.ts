import type { Page } from '@playwright/test';
import axe, { type AxeResults } from 'axe-core';
import { axeOptions, describeViolations } from '../src/test/axe';

/**
 * Runs axe over what a selector matches in a page of a real browser, contrast included, and answers one line per
 * violation. `axe.source` is evaluated, not inserted as a script, so that a page's content security policy allows it.
 */
export async function axeViolations(page: Pick<Page, 'evaluate'>, selector: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults, [string, ReturnType<typeof axeOptions>]>(
    ([target, options]) => (window as unknown as { axe: typeof axe }).axe.run(target, options),
    [selector, axeOptions({ judgesColors: true })]
  );
  return describeViolations(results);
}
