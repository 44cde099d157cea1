import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readRule, sqlRule, type Rule } from '@rastreio/alerts';
import { foldersOf } from '@rastreio/grafana';
import { ruleOfGrafana, rulesOfFiles, type JsonObject } from '@rastreio/grafana/rules';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { PlaceOptions } from '../common/options';
import { isGiven } from '../common/where';
import { findGrafana } from '../grafana/place';

export interface RuleChoice extends PlaceOptions {
  readonly rule?: string;
  readonly sql?: string;
  readonly above?: number;
  readonly below?: number;
  readonly for?: number;
  readonly keepFiring?: number;
}

export interface ChosenRules {
  readonly rules: readonly Rule[];
  readonly policies: JsonObject;
  /** Rules that were not asked for by name and cannot be tried, with the reason. */
  readonly left: readonly string[];
}

/**
 * The rules that the options mean: SQL with a limit, one rule of a running Grafana, one of the files, or all of the files.
 *
 * @throws OperatorError (2) for options that do not go together or a rule that is not there, (78) for one that cannot be tried
 */
export async function chooseRules(options: RuleChoice): Promise<ChosenRules> {
  const { rule, sql, above, below } = options;
  if (sql !== undefined) {
    if (rule !== undefined) throw usage('--sql and --rule are two rules; give one of them');
    const { policies } = await rulesOfFiles(foldersOf().alerting, process.env);
    const text = await readFile(sql, 'utf8').catch((error: Error) => {
      throw usage(`--sql ${sql} cannot be read: ${error.message}`);
    });
    const made = sqlRule({
      sql: text.trim().replace(/;$/, ''),
      title: path.basename(sql),
      above,
      below,
      forMs: options.for ?? 0,
      keepFiringMs: options.keepFiring ?? 0,
    });
    return { rules: [made], policies, left: [] };
  }
  for (const [name, value] of Object.entries({
    above,
    below,
    for: options.for,
    'keep-firing': options.keepFiring,
  }))
    if (value !== undefined) throw usage(`--${name} belongs to --sql; a rule has its own`);
  if (isGiven(options.url)) {
    if (rule === undefined) throw usage('--url needs --rule with the uid of a rule of that Grafana');
    const found = await ruleOfGrafana(await findGrafana(options), rule);
    return { rules: found.rules.map(readRule), policies: found.policies, left: [] };
  }
  const found = await rulesOfFiles(foldersOf().alerting, process.env);
  if (rule === undefined) return { ...triable(found.rules), policies: found.policies };
  const named = found.rules.filter(({ uid }) => uid === rule);
  if (named.length === 0)
    throw usage(
      `provisioning/alerting has no rule "${rule}"; it has ${found.rules.map(({ uid }) => uid).join(', ')}. For a rule of a running Grafana give --url`,
    );
  return { rules: named.map(readRule), policies: found.policies, left: [] };
}

/** Those of the rules that can be tried on the past, and why the others cannot. */
export function triable(
  found: readonly Parameters<typeof readRule>[0][],
): Pick<ChosenRules, 'rules' | 'left'> {
  const rules: Rule[] = [];
  const left: string[] = [];
  for (const rule of found)
    try {
      rules.push(readRule(rule));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      left.push(error.message);
    }
  return { rules, left };
}

function usage(message: string): OperatorError {
  return new OperatorError(message, EXIT.usage);
}
