import { asObject, asText } from '../json';
import { ruleName, rulesOf, type Finding, type LintContext } from './context';
import { unproven } from './proofs';

/** Alert rules say what to do, and are known to fire when they must and to be quiet when they must. */
export function proven(context: LintContext): readonly Finding[] {
  return rulesOf(context).flatMap(({ file, rule }) => {
    const where = ruleName(rule);
    const found: Finding[] = [];
    if (asText(asObject(rule.annotations).runbook_url) === '')
      found.push({
        rule: 'runbook',
        file,
        where,
        problem: 'says nobody what to do',
        remedy: 'write an annotation runbook_url that leads to it, such as a panel of the dashboard alertas',
      });
    const problem = unproven(context.proofs[asText(rule.uid)]);
    if (problem !== undefined)
      found.push({
        rule: 'proven',
        file,
        where,
        problem,
        remedy: `write its proof in test/alerts/prove/proofs.ts and run npm run alerts:prove -- --rule ${asText(rule.uid)}`,
      });
    return found;
  });
}
