import type { Problem } from './item';

const MAX_KEPT = 1_000;

/** Problems, of which a payload may have as many as it has lines: the first are kept, the others counted. */
export class Problems {
  readonly kept: Problem[] = [];
  omitted = 0;

  add(...problems: readonly Problem[]): void {
    for (const problem of problems)
      if (this.kept.length < MAX_KEPT) this.kept.push(problem);
      else this.omitted++;
  }

  /** Puts one before all others, which is then told first and always kept. */
  addFirst(problem: Problem): void {
    this.kept.unshift(problem);
    if (this.kept.length <= MAX_KEPT) return;
    this.kept.pop();
    this.omitted++;
  }
}
