import { OperatorError } from '@rastreio/runtime';
import type { Rule } from '../rule/rule';
import { Recording } from '../state/recording';
import { applyChanges } from './apply';
import { compare, type Difference } from './compare';
import { chooseEvery, halve, instantsOf } from './grid';
import type { History } from './history';
import { RuleQuestion, tablesRead } from './query';
import { replay, type Replayed } from './replay';
import { createScratch, type Scratch } from './scratch';
import { END_MS, Timeline, type By } from './timeline';

export interface BacktestOptions {
  /** A superuser of a throw-away server, such as PostgreSQL embedded: databases are made in it and left there. */
  readonly adminUrl: string;
  readonly history: History;
  readonly rules: readonly Rule[];
  readonly by: By;
  readonly fromMs: number;
  /** How often a rule is looked at; undefined: see {@link chooseEvery}. */
  readonly everyMs: ((rule: Rule, withEvents: boolean) => number) | undefined;
  /** How long after each full step a rule is evaluated. */
  readonly offsetMs: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** What one rule gave. */
export interface RuleRun {
  readonly rule: Rule;
  readonly everyMs: number;
  readonly recording: Recording;
  /** Messages of evaluations that were errors, and how often each came. */
  readonly errors: ReadonlyMap<string, number>;
}

export interface BacktestResult {
  readonly runs: readonly RuleRun[];
  /** Where the scratch database at the end is not what the source was. */
  readonly differences: readonly Difference[];
}

/** What a replay without events and parcels has as the database has it. */
const WITHOUT_EVENTS: ReadonlySet<string> = new Set([
  'ingestao',
  'resumo_ingestao',
  'eventos_rejeitados',
  'limites',
  'limites_por_rota',
  'mudancas_de_limites',
  'prazos',
  'feriados',
  'retencao',
  'catalogo_status',
  'versao_do_esquema',
]);
/** From so many evaluations on two parts of the range run side by side. */
const WORTH_HALVING = 400;

/**
 * Runs rules over a history: a copy in which time moves is filled as the database was filled, and at each instant the rule's query is
 * asked. Rules that read nothing but accounts, rejected messages and settings get a copy without events.
 *
 * @throws OperatorError for a rule whose SQL cannot be moved in time, and where the range holds no evaluation
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { rules, history, adminUrl, fromMs, offsetMs } = options;
  const questions = rules.map((rule, i) => new RuleQuestion(rule, `regra_${i}`));
  const first = await createScratch(adminUrl, 'vazio', history);
  const reads = await inOrder(questions, (question) => tablesRead(first.reader, question, history.nowMs));
  await first.close();
  const groups = new Map<string, Group>();
  questions.forEach((question, i) => {
    const withEvents = !isSubset(reads[i], WITHOUT_EVENTS);
    const everyMs =
      options.everyMs?.(question.rule, withEvents) ??
      chooseEvery(history.nowMs - fromMs, question.rule.intervalMs, { withEvents, rules: rules.length });
    const key = `${withEvents} ${everyMs}`;
    const group = groups.get(key) ?? { withEvents, everyMs, questions: [] };
    groups.set(key, { ...group, questions: [...group.questions, question] });
  });
  const progress = createProgress([...groups.values()].length, options.onProgress);
  const runs: RuleRun[] = [];
  const differences: Difference[] = [];
  for (const [i, group] of [...groups.values()].entries()) {
    const instants = instantsOf(fromMs, history.nowMs, group.everyMs, offsetMs);
    if (instants.length === 0)
      throw new OperatorError(
        `Between ${new Date(fromMs).toISOString()} and ${new Date(history.nowMs).toISOString()} there is no full step of ${group.everyMs / 1000} s; give more --days or a smaller --every`,
      );
    const result = await runGroup(options, group, instants, `grupo_${i}`, progress.of(i));
    runs.push(...result.runs);
    differences.push(...result.differences);
  }
  return { runs: rules.map((rule) => runs.find((run) => run.rule === rule) as RuleRun), differences };
}

interface Group {
  readonly withEvents: boolean;
  readonly everyMs: number;
  readonly questions: readonly RuleQuestion[];
}

async function runGroup(
  { adminUrl, history, by, signal }: BacktestOptions,
  group: Group,
  instants: readonly number[],
  name: string,
  onShare: (share: number) => void,
): Promise<BacktestResult> {
  const { questions, everyMs, withEvents } = group;
  const timeline = new Timeline(history, by);
  const half = halve(instants, (ms) => (withEvents ? timeline.writtenUntil(ms) : 0));
  const ranges =
    instants.length < WORTH_HALVING ? [instants] : [instants.slice(0, half), instants.slice(half)];
  const parts = await inOrder(ranges, async (instants, i) => ({
    instants,
    timeline: i === 0 ? timeline : new Timeline(history, by),
    scratch: await createScratch(adminUrl, `${name}_${i}`, history),
  }));
  const shares = parts.map(() => 0);
  const results = await Promise.all(
    parts.map((part, i) =>
      replay({
        ...part,
        questions,
        withEvents,
        signal,
        onShare: (share) => {
          shares[i] = share;
          onShare(shares.reduce((sum, of) => sum + of, 0) / shares.length);
        },
      }),
    ),
  );
  const last = parts.at(-1) as Part;
  await applyRest(last, withEvents);
  const differences = await compare(last.scratch.owner, history, { by, withEvents });
  await Promise.all(parts.map(({ scratch }) => scratch.close()));
  const runs = questions.map(({ rule }, i) => {
    const recording = new Recording();
    const errors = new Map<string, number>();
    for (const result of results) {
      recording.append((result[i] as Replayed).recording);
      for (const [message, count] of (result[i] as Replayed).errors)
        errors.set(message, (errors.get(message) ?? 0) + count);
    }
    return { rule, everyMs, recording, errors };
  });
  return { runs, differences };
}

interface Part {
  readonly instants: readonly number[];
  readonly timeline: Timeline;
  readonly scratch: Scratch;
}

/** What was written, or happens by a clock that is ahead, after the last instant. */
async function applyRest({ timeline, scratch, instants }: Part, withEvents: boolean): Promise<void> {
  await applyChanges(scratch.owner, timeline, timeline.advance(END_MS), instants.at(-1) ?? 0, { withEvents });
}

function createProgress(groups: number, onProgress: BacktestOptions['onProgress']) {
  const UNITS = 1000;
  return {
    of: (group: number) => (share: number) =>
      onProgress(Math.round((group + Math.min(1, share)) * UNITS), groups * UNITS),
  };
}

function isSubset(some: ReadonlySet<string> | undefined, all: ReadonlySet<string>): boolean {
  return [...(some ?? [])].every((item) => all.has(item));
}

async function inOrder<T, U>(items: readonly T[], run: (item: T, i: number) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const [i, item] of items.entries()) results.push(await run(item, i));
  return results;
}
