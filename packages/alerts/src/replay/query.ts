import { expandMacros, MacroError } from '@rastreio/grafana/macros';
import { tokens } from '@rastreio/grafana/rules';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { DatabaseError, type ClientBase } from 'pg';
import { evaluate, EvaluationError, type Answer } from '../rule/samples';
import type { Rule } from '../rule/rule';
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

/** Asks a rule's query in a database whose time moves. */
export class RuleQuestion {
  /** Without macros of time it is the same text at each instant, and planned once. */
  private readonly isPrepared: boolean;

  /**
   * @param name of the prepared statement
   * @throws OperatorError (78) for a macro that Grafana would refuse too, a fill, or a clock that cannot be moved
   */
  constructor(
    readonly rule: Rule,
    private readonly name: string,
  ) {
    for (const { kind, text } of tokens(rule.query.sql))
      if (kind === 'word' && FIXED_CLOCKS.has(text))
        this.refuse(`its SQL says ${text.toUpperCase()}, which cannot be moved; write now()`);
    try {
      const { fill } = expandMacros(rule.query.sql, this.contextAt(0));
      if (fill !== undefined && rule.query.format === 'time_series')
        this.refuse('its SQL fills empty groups of $__timeGroup; leave the third argument out');
      this.isPrepared = this.textAt(0) === this.textAt(1e12);
    } catch (error) {
      if (error instanceof MacroError) this.refuse(error.message);
      throw error;
    }
  }

  /** What the query gives at an instant. A database's refusal is an error of the evaluation, as in Grafana. */
  async ask(reader: ClientBase, atMs: number): Promise<Evaluated> {
    await moveClock(reader, atMs);
    try {
      const { fields, rows } = await this.answer(reader, atMs);
      return { evaluation: evaluate(this.rule, { fields, rows }) };
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof DatabaseError)
        return { evaluation: { kind: 'error' }, error: error.message };
      throw error;
    }
  }

  private async answer(reader: ClientBase, atMs: number): Promise<Answer> {
    const config = {
      text: this.textAt(atMs),
      ...(this.isPrepared ? { name: this.name } : {}),
      rowMode: 'array' as const,
      types: AS_TEXT,
      // Takes one statement only.
      queryMode: 'extended',
    };
    return reader.query<(string | null)[]>(config);
  }

  private textAt(atMs: number): string {
    return expandMacros(this.rule.query.sql, this.contextAt(atMs)).sql;
  }

  private contextAt(atMs: number) {
    const { rangeFromMs, rangeToMs, stepMs } = this.rule.query;
    return { fromMs: atMs - rangeFromMs, toMs: atMs - rangeToMs, intervalMs: stepMs, timescaledb: true };
  }

  private refuse(why: string): never {
    throw new OperatorError(`Rule ${this.rule.uid} cannot be tried on the past: ${why}`, EXIT.config);
  }
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
