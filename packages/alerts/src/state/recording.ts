import type { Policy } from '../rule/rule';
import { step, type Evaluation, type Instances, type Transition } from './machine';

interface Entry {
  readonly atMs: number;
  readonly kind: Evaluation['kind'];
  /** Rows that are new or have another value than in the evaluation with rows before; undefined: the row is gone. */
  readonly changes: readonly (readonly [string, number | null | undefined])[];
}

/**
 * What a rule's query gave at each instant, without any limit: so a limit is tried by running the states alone. Only what changes is
 * kept.
 */
export class Recording {
  private readonly entries: Entry[] = [];
  private last: ReadonlyMap<string, number | null> = new Map();

  /** How many evaluations there are. */
  get length(): number {
    return this.entries.length;
  }

  /** Adds an evaluation later than all before it. */
  add(atMs: number, evaluation: Evaluation): void {
    if (evaluation.kind !== 'rows') {
      this.entries.push({ atMs, kind: evaluation.kind, changes: [] });
      return;
    }
    const changes: (readonly [string, number | null | undefined])[] = [];
    for (const [key, value] of evaluation.rows)
      if (!this.last.has(key) || !Object.is(this.last.get(key), value)) changes.push([key, value]);
    for (const key of this.last.keys()) if (!evaluation.rows.has(key)) changes.push([key, undefined]);
    this.last = evaluation.rows;
    this.entries.push({ atMs, kind: 'rows', changes });
  }

  /** Adds all evaluations of another recording, which begins after the end of this one. */
  append(other: Recording): void {
    for (const [atMs, evaluation] of other.evaluations())
      this.add(
        atMs,
        evaluation.kind === 'rows' ? { kind: 'rows', rows: new Map(evaluation.rows) } : evaluation,
      );
  }

  /** Every evaluation again, in order. The map of rows is the same object each time. */
  *evaluations(): Generator<readonly [number, Evaluation], void> {
    const rows = new Map<string, number | null>();
    for (const { atMs, kind, changes } of this.entries) {
      for (const [key, value] of changes)
        if (value === undefined) rows.delete(key);
        else rows.set(key, value);
      yield [atMs, kind === 'rows' ? { kind, rows } : { kind }];
    }
  }

  /** All different numbers that instances ever had, ascending. */
  values(): readonly number[] {
    const found = new Set<number>();
    for (const { changes } of this.entries)
      for (const [, value] of changes)
        if (value !== null && value !== undefined && Number.isFinite(value)) found.add(value);
    return [...found].sort((a, b) => a - b);
  }
}

/** The transitions of a rule over a recording, beginning with no instance at all. */
export function transitionsOf(recording: Recording, policy: Policy): readonly Transition[] {
  const instances: Instances = new Map();
  const all: Transition[] = [];
  for (const [atMs, evaluation] of recording.evaluations())
    all.push(...step(instances, policy, evaluation, atMs));
  return all;
}
