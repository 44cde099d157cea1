import type { Files } from './archive';

/** Something that Grafana's plugin validator would report. A warning does not stop the package. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export const problem = (message: string): Problem => ({ severity: 'error', message });
export const warning = (message: string): Problem => ({ severity: 'warning', message });

/** A file as text; empty if there is none. */
export const text = (files: Files, file: string) =>
  new TextDecoder().decode(files.get(file) ?? new Uint8Array());
