import { asList, asObject, asText, type Json, type JsonObject } from '@rastreio/grafana/rules';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { settingsOf } from '../rule/readRule';
import type { RouteSettings } from '../rule/rule';

/** How alerts of one place of the policy tree are put together and told. */
export interface Route {
  /** Where it stands in the tree: alerts of two routes are never told together. */
  readonly id: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
}

/** Grafana's own, where the tree does not say it. */
const DEFAULTS: Route = {
  id: '/',
  groupBy: ['grafana_folder', 'alertname'],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 4 * 3_600_000,
};

type Labels = Readonly<Record<string, string>>;

/**
 * The routes of a policy tree that an alert takes: the first branch that fits and, where that says `continue`, the next ones too.
 *
 * @throws OperatorError (78) for a matcher in another form than `object_matchers`
 */
export function routesOf(tree: JsonObject, labels: Labels, own?: RouteSettings): readonly Route[] {
  if (own !== undefined) return [inherit(DEFAULTS, own, '/rule')];
  return descend(tree, labels, inherit(DEFAULTS, settingsOf(tree), '/'));
}

function descend(node: JsonObject, labels: Labels, route: Route): readonly Route[] {
  const found: Route[] = [];
  for (const [i, child] of asList(node.routes).map(asObject).entries()) {
    if (!fits(child, labels)) continue;
    found.push(...descend(child, labels, inherit(route, settingsOf(child), `${route.id}${i}/`)));
    if (child.continue !== true) break;
  }
  return found.length > 0 ? found : [route];
}

function inherit(route: Route, own: RouteSettings, id: string): Route {
  return {
    id,
    groupBy: own.groupBy === undefined || own.groupBy.length === 0 ? route.groupBy : own.groupBy,
    groupWaitMs: own.groupWaitMs ?? route.groupWaitMs,
    groupIntervalMs: own.groupIntervalMs ?? route.groupIntervalMs,
    repeatIntervalMs: own.repeatIntervalMs ?? route.repeatIntervalMs,
  };
}

function fits(route: JsonObject, labels: Labels): boolean {
  for (const other of ['matchers', 'match', 'match_re'])
    if (route[other] !== undefined)
      throw new OperatorError(
        `The policy tree has a route with ${other}; the backtest reads object_matchers, such as [gravidade, =, aviso]`,
        EXIT.config,
      );
  return asList(route.object_matchers).every((matcher) => matches(asList(matcher), labels));
}

function matches([name, operator, value]: readonly Json[], labels: Labels): boolean {
  const label = labels[asText(name)] ?? '';
  const wanted = asText(value);
  switch (asText(operator)) {
    case '=':
      return label === wanted;
    case '!=':
      return label !== wanted;
    case '=~':
      return new RegExp(`^(?:${wanted})$`).test(label);
    case '!~':
      return !new RegExp(`^(?:${wanted})$`).test(label);
    default:
      throw new OperatorError(
        `The policy tree has a matcher with ${JSON.stringify(operator)}; use =, !=, =~ or !~`,
        EXIT.config,
      );
  }
}
