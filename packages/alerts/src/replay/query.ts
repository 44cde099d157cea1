import { expandMacros, MacroError } from '@rastreio/grafana/macros';
import { tokens } from '@rastreio/grafana/rules';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { DatabaseError, type ClientBase } from 'pg';
import { EvaluationError } from '../rule/evaluationError';
import { evaluate, type Answer } from '../rule/samples';
import { queriesOf, type Rule, type RuleQuery } from '../rule/rule';
import type { Evaluation } from '../state/machine';
import { moveClock } from './clock';

/** Words of SQL that tell the time and are no functions: nothing can stand for them. */
export const FIXED_CLOCKS: ReadonlySet<string> = new Set([
  'current_timestamp',
  'current_date',
  'current_time',
  'localtimestamp',
  'localtime',
]);
/** Everything as text, as PostgreSQL sends it. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

export interface Evaluated {
  readonly evaluation: Evaluation;
  /** Why, where it is an error. */
  readonly error?: string;
}

/** Asks a rule's queries in a database whose time moves. */
export class RuleQuestion {
  /** Each query with its prepared statement; without one where its text changes with the instant. */
  private readonly queries: readonly (readonly [RuleQuery, Prepared | undefined])[];

  /**
   * @param name of the prepared statements
   * @throws OperatorError (78) for a macro that Grafana would refuse too, a fill, or a clock that cannot be moved
   */
  constructor(
    readonly rule: Rule,
    name: string,
  ) {
    // Without macros of time it is the same text at each instant, and planned once.
    this.queries = queriesOf(rule.source).map((query, i) => [
      query,
      this.isFixed(query) ? { name: `${name}_${i}`, text: textAt(query, 0) } : undefined,
    ]);
  }

  /**
   * What the rule gives at an instant. A database's refusal is an error of the evaluation, as in Grafana.
   *
   * @param reader with `pipeline: true`: clock and queries are on their way together, and their answers come in order
   */
  async ask(reader: ClientBase, atMs: number): Promise<Evaluated> {
    const clock = moveClock(reader, atMs);
    const asked = this.queries.map(([query, prepared]) =>
      answer(reader, prepared ?? { text: textAt(query, atMs) }),
    );
    // All have come before the first that failed is thrown: none is left for the next instant.
    const [moved, ...came] = await Promise.allSettled([clock, ...asked]);
    if (moved.status === 'rejected') throw moved.reason;
    try {
      const answers = new Map<RuleQuery, Answer>();
      for (const [i, outcome] of came.entries()) {
        if (outcome.status === 'rejected') throw outcome.reason;
        const [query] = this.queries[i] as (typeof this.queries)[number];
        answers.set(query, outcome.value);
      }
      return { evaluation: evaluate(this.rule.source, answers) };
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof DatabaseError)
        return { evaluation: { kind: 'error' }, error: error.message };
      throw error;
    }
  }

  private isFixed(query: RuleQuery): boolean {
    for (const { kind, text } of tokens(query.sql))
      if (kind === 'word' && FIXED_CLOCKS.has(text))
        this.refuse(`its SQL says ${text.toUpperCase()}, which cannot be moved; write now()`);
    try {
      const { fill } = expandMacros(query.sql, contextAt(query, 0));
      if (fill !== undefined && query.format === 'time_series')
        this.refuse('its SQL fills empty groups of $__timeGroup; leave the third argument out');
      return textAt(query, 0) === textAt(query, 1e12);
    } catch (error) {
      if (error instanceof MacroError) this.refuse(error.message);
      throw error;
    }
  }

  private refuse(why: string): never {
    throw new OperatorError(`Rule ${this.rule.uid} cannot be tried on the past: ${why}`, EXIT.config);
  }
}

interface Prepared {
  readonly name: string;
  readonly text: string;
}

async function answer(reader: ClientBase, statement: Prepared | Pick<Prepared, 'text'>): Promise<Answer> {
  // The extended protocol takes one statement only.
  const config = { ...statement, rowMode: 'array' as const, types: AS_TEXT, queryMode: 'extended' };
  return reader.query<(string | null)[]>(config);
}

function textAt(query: RuleQuery, atMs: number): string {
  return expandMacros(query.sql, contextAt(query, atMs)).sql;
}

function contextAt({ rangeFromMs, rangeToMs, stepMs }: RuleQuery, atMs: number) {
  return { fromMs: atMs - rangeFromMs, toMs: atMs - rangeToMs, intervalMs: stepMs, timescaledb: true };
}

/** The tables of ours that a query reads, be it through views and functions: those that it holds locks on. */
export async function tablesRead(
  reader: ClientBase,
  question: RuleQuestion,
  atMs: number,
): Promise<ReadonlySet<string>> {
  await reader.query('BEGIN');
  try {
    await reader.query('SAVEPOINT antes');
    const { error } = await question.ask(reader, atMs);
    if (error !== undefined) await reader.query('ROLLBACK TO antes');
    const { rows } = await reader.query<{ nome: string }>(`
      SELECT DISTINCT c.relname AS nome FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`);
    // Nothing is known of one that failed.
    return new Set(error === undefined ? rows.map(({ nome }) => nome) : ['eventos_rastreamento']);
  } finally {
    await reader.query('ROLLBACK');
  }
}
