import type { AxeResults, RunOptions } from 'axe-core';

/** Rules for whole pages, which a panel is not: its heading levels and landmarks are the dashboard's. */
const PAGE_RULES = ['region', 'heading-order', 'page-has-heading-one', 'landmark-one-main', 'bypass'];

/**
 * What axe is asked: everything it knows, best practices included, but for the rules for whole pages. `judgesColors`:
 * whether there is a layout to judge contrast by; jsdom has none.
 */
export function axeOptions({ judgesColors }: { judgesColors: boolean }): RunOptions {
  const off = judgesColors ? PAGE_RULES : [...PAGE_RULES, 'color-contrast', 'target-size'];
  return {
    rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
    // What passes needs no description, which would take most of the time.
    resultTypes: ['violations'],
    selectors: false,
  };
}

/** Each violation in a line per element: rule, element, and what is wrong with it. Empty for none. */
export function describeViolations({ violations }: Pick<AxeResults, 'violations'>): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`)
  );
}
