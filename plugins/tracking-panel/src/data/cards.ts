import {
  type DataFrame,
  type DisplayValue,
  type Field,
  FieldType,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { type TrackingOptions } from '../types';
import { formatDuration, NOT_AVAILABLE, parseInterval } from './duration';
import { hasMappedText, isHidden, isNamed } from './fields';
import { type SliceSet } from './slices';

/** A KPI card: a heading over a value with its label. */
export interface Card {
  /** Stable across refreshes: the role for the two known cards, else frame and field. */
  id: string;
  kind: 'mean' | 'total' | 'other';
  /** Section heading; empty for none. */
  heading: string;
  /** `title` is the label under the heading. */
  value: DisplayValue;
}

const MEAN_NAMES = ['tempo_medio_segundos', 'tempo_medio_de_entrega', 'tempo_medio_entrega', 'tempo_medio'];
const TOTAL_NAMES = ['total_pacotes', 'total_de_pacotes', 'total'];

/** Grafana's units that mean "a length of time in seconds". */
const DURATION_UNITS = ['s', 'dtdurations'];

/**
 * The cards of the KPI frames, in the order of the seed's page: mean delivery time, total packages, then all others as
 * the queries give them. Without a total of its own, the statuses' sum is the total.
 */
export function buildCards(
  kpis: DataFrame[],
  series: DataFrame[],
  statuses: SliceSet | undefined,
  options: TrackingOptions,
  theme: GrafanaTheme2
): Card[] {
  const cards = kpis.flatMap((frame, frameIndex) =>
    frame.fields.flatMap((field) => {
      const card = isHidden(field) ? undefined : buildCard(frame, field, series, options, theme);
      return card
        ? [{ ...card, id: card.kind === 'other' ? `${frame.refId ?? frameIndex}/${field.name}` : card.kind }]
        : [];
    })
  );
  if (statuses && !cards.some(({ kind }) => kind === 'total')) {
    cards.push({
      id: 'total',
      kind: 'total',
      heading: options.titles.totalHeading,
      value: { ...statuses.totalDisplay, title: options.titles.total },
    });
  }
  const ofKind = (wanted: Card['kind']) => cards.filter(({ kind }) => kind === wanted);
  // A second mean or total (another query with the same column) is an ordinary card and keeps its own name.
  const [mean, ...moreMeans] = ofKind('mean');
  const [total, ...moreTotals] = ofKind('total');
  const extra = [...moreMeans, ...moreTotals].map((card, index) => ({
    ...card,
    id: `${card.id}-${index + 2}`,
    heading: '',
  }));
  return [...(mean ? [mean] : []), ...(total ? [total] : []), ...ofKind('other'), ...extra];
}

/** The card of a field's first value; undefined for a text that is not a duration. */
export function buildCard(
  frame: DataFrame,
  field: Field,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2
): Omit<Card, 'id'> | undefined {
  const raw: unknown = field.values[0];
  const interval = field.type === FieldType.string && typeof raw === 'string' ? parseInterval(raw) : undefined;
  const name = field.name.toLowerCase();
  const isMean = MEAN_NAMES.includes(name);
  // An average over no rows is NULL, and a frame's reader may then not know that the column holds an interval.
  const isNumeric = field.type === FieldType.number || interval !== undefined || (isMean && raw === null);
  if (!isNumeric) {
    return undefined;
  }
  const isDuration =
    isMean ||
    interval !== undefined ||
    DURATION_UNITS.includes(field.config.unit ?? '') ||
    options.data.durationFields.some((chosen) => isNamed(field, frame, series, chosen));
  const number = interval ?? (raw === null || raw === undefined ? Number.NaN : Number(raw));
  const kind = isMean ? 'mean' : TOTAL_NAMES.includes(name) ? 'total' : 'other';
  const display = field.display?.(Number.isNaN(number) ? null : number) ?? {
    text: String(number),
    numeric: number,
  };
  return {
    kind,
    heading: kind === 'mean' ? options.titles.meanHeading : kind === 'total' ? options.titles.totalHeading : '',
    value: {
      ...(isDuration
        ? asDuration(display, number, hasMappedText(field, number, theme))
        : withFallback(display, number)),
      title: titleOf(kind, frame, field, series, options),
    },
  };
}

/** The text of a value mapping (the user's wish) wins over the duration's own. */
function asDuration(display: DisplayValue, seconds: number, isMapped: boolean): DisplayValue {
  if (Number.isNaN(seconds) || isMapped) {
    return withFallback(display, seconds);
  }
  return { ...display, text: formatDuration(seconds), prefix: undefined, suffix: undefined };
}

function withFallback(display: DisplayValue, number: number): DisplayValue {
  return Number.isNaN(number) && display.text.trim() === '' ? { ...display, text: NOT_AVAILABLE } : display;
}

/** The two known cards have their titles in the options; a display name set by an override wins over those. */
function titleOf(
  kind: Card['kind'],
  frame: DataFrame,
  field: Field,
  series: DataFrame[],
  options: TrackingOptions
): string {
  if (kind !== 'other' && !field.config.displayName) {
    return kind === 'mean' ? options.titles.mean : options.titles.total;
  }
  return getFieldDisplayName(field, frame, series);
}
