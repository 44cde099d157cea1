import { OperatorError } from '@rastreio/runtime';
import type { Rule } from './rule/rule';
import { transitionsOf, type Recording } from './state/recording';
import { episodesOf } from './state/episodes';
import { messagesOf, type Message } from './notify/messages';
import type { JsonObject } from '@rastreio/grafana/rules';

const WEEK_MS = 7 * 86_400_000;
const DIGITS = 3;

/** Where the limit is looked for, and what the messages of a rule are counted over. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FoundLimit {
  readonly limit: number;
  /** The rule with it. */
  readonly rule: Rule;
  /** Messages a week with something firing. */
  readonly perWeek: number;
}

/** Messages a week that say that something fires. */
export function firingPerWeek(messages: readonly Message[], { fromMs, toMs }: Span): number {
  return (messages.filter(({ kind }) => kind === 'firing').length * WEEK_MS) / (toMs - fromMs);
}

/** A rule with another limit; a limit of hysteresis moves in proportion, from zero by the difference. */
export function withLimit(rule: Rule, limit: number): Rule {
  const [before = 0] = rule.fires.params;
  const move = (value: number) => (before === 0 ? value + limit : value * (limit / before));
  return {
    ...rule,
    fires: { ...rule.fires, params: [limit] },
    ends: rule.ends === undefined ? undefined : { ...rule.ends, params: rule.ends.params.map(move) },
  };
}

/**
 * The most sensitive limit, among the values that were seen, that gives at most so many messages a week with something firing, found
 * by halving: the next more sensitive value gives more. The number of messages need not fall evenly as the limit rises (values that
 * hover about a limit tell more than once), so further still there may be another such limit; that this one holds was run.
 *
 * @returns undefined where even the least sensitive value gives more, as alerts for no data and errors do
 * @throws OperatorError when the rule has no single limit
 */
export function limitFor(
  recording: Recording,
  rule: Rule,
  policies: JsonObject,
  atMost: number,
  span: Span,
): FoundLimit | undefined {
  const { type } = rule.fires;
  if (!/^[gl]te?$/.test(type))
    throw new OperatorError(
      `Rule ${rule.uid} fires where the value is ${type}; --at-most works for gt, gte, lt and lte`,
    );
  const tryLimit = (limit: number): FoundLimit => {
    const changed = withLimit(rule, limit);
    const episodes = episodesOf(transitionsOf(recording, changed));
    return {
      limit,
      rule: changed,
      perWeek: firingPerWeek(messagesOf(changed, episodes, policies, span.toMs), span),
    };
  };
  const rises = type.startsWith('g');
  // From the most to the least sensitive.
  const values = rises ? recording.values() : recording.values().toReversed();
  if (values.length === 0) return undefined;
  const outermost = values.at(-1) as number;
  // With gte and lte the outermost value itself still fires.
  const last = tryLimit(type.endsWith('e') ? beyond(outermost, rises) : outermost);
  if (last.perWeek > atMost) return undefined;
  let [low, high, best] = [-1, values.length - 1, last];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const tried = tryLimit(values[middle] as number);
    if (tried.perWeek <= atMost) [high, best] = [middle, tried];
    else low = middle;
  }
  const rounded = tryLimit(roundOutward(best.limit, rises));
  return rounded.perWeek <= atMost ? rounded : best;
}

/** The next number that people would write, three digits long, less sensitive than this. */
export function roundOutward(value: number, up: boolean): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - DIGITS);
  const steps = up ? Math.ceil(value / unit) : Math.floor(value / unit);
  return Number((steps * unit).toPrecision(DIGITS + 1));
}

function beyond(value: number, up: boolean): number {
  return value + (up ? 1 : -1) * Math.max(Number.EPSILON, Math.abs(value) * 1e-9);
}
