import type { DemoSection } from '../demo';
import { CARDS } from './cards';
import { HARD_CASES } from './hardCases';
import { INTERACTION } from './interaction';
import { LABELS } from './labels';
import { LEGEND } from './legend';
import { PIE } from './pie';
import { STATES } from './states';
import { TABLE } from './table';

/** In the order of PARITY.md. */
export const SECTIONS: readonly DemoSection[] = [
  PIE,
  LABELS,
  LEGEND,
  CARDS,
  TABLE,
  INTERACTION,
  HARD_CASES,
  STATES,
];
