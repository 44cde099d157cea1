import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What npm run alerts:prove found out of one rule. Values are shares of the limit: from 1 on it fires. */
export interface Proven {
  readonly title: string;
  /** The incident that must fire it. */
  readonly fires: {
    readonly words: string;
    readonly told_after_seconds: number | null;
    readonly instances: number;
  };
  /** One that must just not. */
  readonly nearly: { readonly words: string; readonly worst: number | null; readonly fired: boolean };
  /** Days on which nothing is wrong. */
  readonly normal: {
    readonly days: number;
    readonly worlds: number;
    readonly worst: number | null;
    readonly false_alarms: number;
  };
}

/** Of the last run of alerts:prove. */
export interface ProofResults {
  readonly date: string;
  readonly parcels_per_day: number;
  readonly rules: Readonly<Record<string, Proven>>;
}

/** The results that a checkout keeps; without the file nothing is known of any rule. */
export async function readProofs(root: string): Promise<ProofResults> {
  try {
    return JSON.parse(await readFile(proofsFile(root), 'utf8')) as ProofResults;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return { date: '', parcels_per_day: 0, rules: {} };
  }
}

/** Where a checkout keeps them. */
export function proofsFile(root: string): string {
  return path.join(root, 'bench/results/alerts.json');
}

/** Why a rule is not proven; undefined: it is. */
export function unproven(proven: Proven | undefined): string | undefined {
  if (proven === undefined) return 'has no test that fires it and none that leaves it quiet';
  const { fires, nearly, normal } = proven;
  if (fires.told_after_seconds === null) return `does not fire when ${fires.words}`;
  if (nearly.fired) return `fires when ${nearly.words}`;
  if (normal.worlds === 0) return 'was never tried on normal days';
  if (normal.false_alarms > 0)
    return `fired ${normal.false_alarms} times in ${normal.worlds} worlds of ${normal.days} normal days`;
  return undefined;
}
