import { cleanStatus } from '@rastreio/contract/src/clean';
import statuses from '@rastreio/contract/statuses.json';
import { hashStatus } from './status';

/**
 * Color of each status of the catalogue, the same in every panel. Chosen by search, not by taste alone: each color has
 * a contrast of at least 3:1 on Grafana's light (#ffffff) and dark (#181b1f) panels (WCAG 2.2, 1.4.11), and any two of
 * them differ in OKLab by at least 0.08 for normal sight, protanopia and deuteranopia and by 0.06 for the far rarer
 * tritanopia, as Machado, Oliveira and Fernandes (2009) model them.
 */
export const STATUS_COLORS: Readonly<Record<string, string>> = Object.fromEntries(
  statuses.map(({ status, color }) => [status, color])
);

/** Colors for statuses that the catalogue does not know; duller than the catalogue's, with the same contrast. */
export const FALLBACK_COLORS: readonly string[] = [
  '#0E8C9B',
  '#B8621B',
  '#6B7F1E',
  '#A65E7B',
  '#5B7BB5',
  '#8A6FB0',
  '#C2554D',
  '#3F8F5A',
  '#9A7B3C',
  '#7C7F87',
  '#B0569F',
  '#4F8A8B',
];

/**
 * Color of the slice that gathers small ones: the grey farthest from all statuses of the catalogue (OKLab: 0.09 for
 * normal sight, 0.055 under the deficiencies above), which is less than they have among themselves: it stands last and
 * has a name.
 */
export const OTHERS_COLOR = '#5C7068';

const BY_STATUS = new Map(
  Object.entries(STATUS_COLORS).map(([status, color]) => [cleanStatus(status), color])
);

/** The catalogue's color of a status in whatever case and spacing it comes; undefined if it is not in the catalogue. */
export function statusColor(status: string): string | undefined {
  return BY_STATUS.get(status) ?? BY_STATUS.get(cleanStatus(status));
}

/**
 * A color for any text: always the same one for the same text, whatever else is in the data, so that filters and
 * refreshes never repaint a slice. Two unknown statuses may share a color: their names still tell them apart.
 */
export function hashColor(text: string): string {
  return FALLBACK_COLORS[hashStatus(text) % FALLBACK_COLORS.length] ?? '#7C7F87';
}
