export interface SelectionOptions {
  /** Whether a click on a status selects it. */
  enabled: boolean;
  /** Name of the dashboard variable that holds the selection; empty: the panel keeps its own. */
  variable: string;
}

export const DEFAULT_SELECTION_OPTIONS: SelectionOptions = { enabled: true, variable: '' };
