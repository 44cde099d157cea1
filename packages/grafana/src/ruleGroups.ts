import { ruleBody } from './alertingForm';
import { asText, type JsonObject } from './json';
import type { Step } from './plan';
import type { Screen } from './screen';
import { unitId } from './units';

/** A group as it is to be. */
export interface GroupWrite {
  readonly name: string;
  readonly interval: string;
  /** In the API's form; those that no step changes exactly as Grafana gave them. */
  readonly rules: readonly JsonObject[];
}

interface Placed {
  readonly group: string;
  readonly rule: JsonObject;
  readonly cameFrom: string | undefined;
}

const CHANGES = ['create', 'update', 'remove'];
const FIRST_INTERVAL = '1m';

/**
 * The groups that the steps change. Rules keep Grafana's order, new ones follow in the files' order; rules of others in a group stay.
 * Groups into which a rule moves come first, so that it is moved and not deleted and made anew.
 */
export function groupWrites(steps: readonly Step[], screen: Screen): readonly GroupWrite[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const rules = steps.filter(({ id }) => id.startsWith('rule/'));
  const placed = placeRules(rules, byId, screen);
  const touched = new Set<string>();
  for (const { id, verdict, file, screen: now } of steps) {
    if (!CHANGES.includes(verdict.do)) continue;
    if (id.startsWith('group/') && verdict.do !== 'remove') touched.add(id.slice('group/'.length));
    if (!id.startsWith('rule/')) continue;
    for (const side of [file, now]) if (side !== undefined) touched.add(asText(side.content.group));
  }
  const movesInto = (name: string) =>
    placed.some(({ group, cameFrom }) => group === name && cameFrom !== undefined && cameFrom !== name);
  return [...touched]
    .sort((a, b) => Number(movesInto(b)) - Number(movesInto(a)))
    .map((name) => ({
      name,
      interval: intervalOf(byId.get(unitId({ kind: 'group', key: name }))),
      rules: placed.filter(({ group }) => group === name).map(({ rule }) => rule),
    }))
    .filter(({ name, rules: left }) => left.length > 0 || screenHasGroup(screen, name));
}

function placeRules(
  steps: readonly Step[],
  byId: ReadonlyMap<string, Step>,
  { rules: onScreen, orgId }: Screen,
): readonly Placed[] {
  const place = (step: Step): readonly Placed[] => {
    const { verdict, file, screen: now } = step;
    const cameFrom = now === undefined ? undefined : asText(now.content.group);
    if ((verdict.do === 'create' || verdict.do === 'update') && file !== undefined)
      return [{ group: asText(file.content.group), rule: ruleBody(file, orgId), cameFrom }];
    const raw = now === undefined ? undefined : onScreen.get(now.key);
    if (verdict.do === 'remove' || raw === undefined) return [];
    return [{ group: asText(raw.ruleGroup), rule: raw, cameFrom }];
  };
  const known = [...onScreen.keys()].flatMap((uid) => byId.get(unitId({ kind: 'rule', key: uid })) ?? []);
  return [...known, ...steps.filter(({ screen }) => screen === undefined)].flatMap(place);
}

function intervalOf(step: Step | undefined): string {
  const wins = step?.verdict.do === 'create' || step?.verdict.do === 'update' ? step.file : step?.screen;
  return asText((wins ?? step?.file)?.content.interval) || FIRST_INTERVAL;
}

function screenHasGroup({ rules }: Screen, name: string): boolean {
  return [...rules.values()].some((rule) => rule.ruleGroup === name);
}
