import {
  asList,
  asObject,
  asText,
  durationMs,
  type FoundRule,
  type Json,
  type JsonObject,
} from '@rastreio/grafana/rules';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { EVALUATORS, parametersOf, type Condition } from './condition';
import {
  REDUCERS,
  type ErrorPolicy,
  type NoDataPolicy,
  type Reduction,
  type RouteSettings,
  type Rule,
  type Operator,
  type RuleQuery,
  type Source,
} from './rule';

const NO_DATA: readonly NoDataPolicy[] = ['Alerting', 'NoData', 'OK', 'KeepLast'];
const ON_ERROR: readonly ErrorPolicy[] = ['Alerting', 'Error', 'OK', 'KeepLast'];
const EXPRESSIONS = '__expr__';
const DEFAULT_MISSING_EVALUATIONS = 2;
/** What Grafana asks where a query's model does not say it. */
const DEFAULT_STEP_MS = 1000;
const MODES: Readonly<Record<string, Reduction['mode']>> = {
  '': 'strict',
  dropNN: 'drop',
  replaceNN: 'replace',
};

/**
 * A rule in the form of the files as the backtest runs it: a query in SQL, a reduce expression where there is one, a threshold.
 *
 * @throws OperatorError (78) that names the rule, its field and what would be right
 */
export function readRule({ uid, content, intervalMs, folder }: FoundRule): Rule {
  const refuse = refuser(uid);
  if (asObject(content.record).metric !== undefined) refuse('it records a metric and never fires');
  const condition = asText(content.condition);
  const threshold = expressionOf(content, condition, refuse);
  if (threshold.type !== 'threshold')
    refuse(
      `its condition ${condition} is of type ${JSON.stringify(threshold.type ?? '')}; only threshold can be tried`,
    );
  const limits = asList(threshold.conditions).map(asObject);
  const [limit = {}] = limits;
  if (limits.length !== 1)
    refuse(`its threshold ${condition} has ${limits.length} conditions instead of one`);
  return {
    uid,
    title: asText(content.title),
    folder,
    source: sourceOf(content, nameOf(threshold.expression), refuse),
    fires: conditionOf(asObject(limit.evaluator), refuse),
    ends:
      limit.unloadEvaluator === undefined ? undefined : conditionOf(asObject(limit.unloadEvaluator), refuse),
    intervalMs,
    forMs: durationMs(asText(content.for)),
    keepFiringMs: durationMs(asText(content.keepFiringFor)),
    noData: oneOf(content.noDataState, NO_DATA, 'noDataState', refuse),
    onError: oneOf(content.execErrState, ON_ERROR, 'execErrState', refuse),
    missingEvaluations: Number(content.missing_series_evals_to_resolve ?? DEFAULT_MISSING_EVALUATIONS),
    labels: textsOf(asObject(content.labels)),
    settings:
      content.notification_settings === undefined
        ? undefined
        : settingsOf(asObject(content.notification_settings)),
  };
}

/** Group and times that a route or a rule says itself. */
export function settingsOf(route: JsonObject): RouteSettings {
  const ms = (value: Json | undefined) => (asText(value) === '' ? undefined : durationMs(asText(value)));
  return {
    groupBy: route.group_by === undefined ? undefined : asList(route.group_by).map(asText),
    groupWaitMs: ms(route.group_wait),
    groupIntervalMs: ms(route.group_interval),
    repeatIntervalMs: ms(route.repeat_interval),
  };
}

type Refuse = (why: string) => never;

function refuser(uid: string): Refuse {
  return (why) => {
    throw new OperatorError(`Rule ${uid} cannot be tried on the past: ${why}`, EXIT.config);
  };
}

function itemOf(content: JsonObject, refId: string, refuse: Refuse): JsonObject {
  const item = asList(content.data)
    .map(asObject)
    .find((query) => query.refId === refId);
  return item ?? refuse(`it has no query or expression ${JSON.stringify(refId)}`);
}

function expressionOf(content: JsonObject, refId: string, refuse: Refuse): JsonObject {
  const item = itemOf(content, refId, refuse);
  if (item.datasourceUid !== EXPRESSIONS) refuse(`${refId} is a query where an expression must stand`);
  return asObject(item.model);
}

function nameOf(value: Json | undefined): string {
  return asText(value).replace(/^\$/, '');
}

function sourceOf(content: JsonObject, refId: string, refuse: Refuse): Source {
  const item = itemOf(content, refId, refuse);
  if (item.datasourceUid !== EXPRESSIONS) return queryOf(item, refuse);
  const model = asObject(item.model);
  switch (asText(model.type)) {
    case 'reduce':
      return {
        kind: 'reduce',
        of: sourceOf(content, nameOf(model.expression), refuse),
        reduction: reductionOf(model, refuse),
      };
    case 'math':
      return mathOf(content, asText(model.expression), refuse);
    default:
      return refuse(
        `its expression ${refId} is of type ${JSON.stringify(model.type ?? '')}; only reduce and math can stand between query and threshold`,
      );
  }
}

/** Two names or numbers and a sign between them; no more is read. */
function mathOf(content: JsonObject, text: string, refuse: Refuse): Source {
  const side = String.raw`(\$\w+|\$\{\w+\}|\d+(?:\.\d+)?)`;
  const [, left = '', operator = '', right = ''] =
    new RegExp(String.raw`^\s*${side}\s*([-+*/])\s*${side}\s*$`).exec(text) ?? [];
  if (left === '')
    refuse(`its math is ${JSON.stringify(text)}; use two names or numbers with +, -, * or / between them`);
  const of = (name: string) =>
    name.startsWith('$') ? sourceOf(content, name.replace(/[${}]/g, ''), refuse) : Number(name);
  return { kind: 'math', operator: operator as Operator, left: of(left), right: of(right) };
}

function queryOf(item: JsonObject, refuse: Refuse): RuleQuery {
  const model = asObject(item.model);
  const sql = asText(model.rawSql);
  if (sql.trim() === '') refuse(`its query ${asText(item.refId)} is not in SQL`);
  const { from, to } = asObject(item.relativeTimeRange);
  const format = asText(model.format) || 'time_series';
  if (format !== 'table' && format !== 'time_series')
    refuse(`its query's format is ${JSON.stringify(format)}; use table or time_series`);
  return {
    kind: 'query',
    sql,
    format,
    rangeFromMs: Number(from ?? 0) * 1000,
    rangeToMs: Number(to ?? 0) * 1000,
    stepMs: Number(model.intervalMs ?? DEFAULT_STEP_MS),
  };
}

function reductionOf(model: JsonObject, refuse: Refuse): Reduction {
  const settings = asObject(model.settings);
  const mode = MODES[asText(settings.mode)];
  return {
    reducer: oneOf(asText(model.reducer).toLowerCase(), REDUCERS, 'reducer', refuse),
    mode: mode ?? refuse(`its reduce mode is ${JSON.stringify(settings.mode)}; use dropNN or replaceNN`),
    replaceWith: Number(settings.replaceWithValue ?? 0),
  };
}

function conditionOf(evaluator: JsonObject, refuse: Refuse): Condition {
  const type = oneOf(evaluator.type, EVALUATORS, 'evaluator', refuse);
  const params = asList(evaluator.params).map(Number);
  if (params.slice(0, parametersOf(type)).filter(Number.isFinite).length < parametersOf(type))
    refuse(
      `its evaluator ${type} needs ${parametersOf(type)} numbers and has ${JSON.stringify(evaluator.params ?? [])}`,
    );
  return { type, params };
}

function oneOf<T extends string>(
  value: Json | undefined,
  choices: readonly T[],
  field: string,
  refuse: Refuse,
): T {
  return (
    choices.find((choice) => choice === value) ??
    refuse(`its ${field} is ${JSON.stringify(value ?? '')}; use one of ${choices.join(', ')}`)
  );
}

function textsOf(object: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, asText(value)]));
}
