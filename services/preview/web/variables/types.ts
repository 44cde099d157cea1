import type { VariableModel } from '../model';

export type Value = string | readonly string[];

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

/** A dashboard variable with what can be chosen and what is. */
export interface Variable {
  readonly model: VariableModel;
  readonly options: readonly VariableOption[];
  /** `$__all`, alone or in a list, stands for "All". */
  readonly value: Value;
  readonly text: Value;
  /** What the address has, where that is another thing than the value. */
  readonly inUrl?: string;
  /** Why there are no options: the dashboard goes on with the value that it has. */
  readonly error?: string;
}

/** Grafana's value and text of "All". */
export const ALL = '$__all';
export const ALL_TEXT = 'All';

export const isAll = ({ value }: Pick<Variable, 'value'>): boolean =>
  typeof value === 'string' ? value === ALL : value[0] === ALL;
