import {
  type DataFrame,
  type DisplayValue,
  type Field,
  type FieldConfig,
  type FieldSparkline,
  FieldType,
  getFieldDisplayName,
  type GrafanaTheme2,
  type LinkModel,
} from '@grafana/data';
import { type BetterIs, type TrackingFieldConfig } from './types';
import { type TrackingOptions } from '../types';
import { type Formatter, formatter } from './cardFormat';
import { type Change, changeOf } from './change';
import { findKpiFields, findTwin, type KpiField, type KpiFrames } from './kpiFields';
import { hasOwnColor, levelOf, type Standing } from './alertLimits';
import { inTimeOrder, MEAN_NAMES, numbersOf, rangeOf, reduceNumbers, timeField } from './numbers';
import { type SliceSet } from '../statuses/types';
import { isOneOfSeveral, tellApart } from './tellApart';

/** A KPI card: a heading over a value with its label. */
export interface Card {
  /** Stable across refreshes: the role for the two known cards, else frame and field. */
  id: string;
  kind: 'mean' | 'total' | 'other';
  /** Section heading; empty for none. */
  heading: string;
  /** `title` is the label under the heading. */
  value: DisplayValue;
  /** The series that the value is of. */
  sparkline?: FieldSparkline;
  changes: ShownChange[];
  /** Whether there is no value: neither good nor bad, whatever the field's color says of nothing. */
  isUnknown: boolean;
  /** How the value stands to limits that the data bring, if they bring any. */
  standing?: Standing;
  /** Whether the field has a color of its own, which a limit does not paint over. */
  hasOwnColor: boolean;
  /** The field's data links, filled in. */
  links: () => LinkModel[];
}

/** A comparison with its texts in the field's own format. */
export interface ShownChange extends Partial<Omit<Change, 'against'>> {
  against: Change['against'];
  /** Signed, in the field's own format. */
  differenceText: string;
  /** Signed difference in percentage points, for a field in percent. */
  points: number | undefined;
  referenceText: string;
}

const TOTAL_NAMES = ['total_pacotes', 'total_de_pacotes', 'total'];

/**
 * The cards of the KPI fields, in the order of the original's page: mean delivery time, total packages, then all others as
 * the queries give them; or as the options name them. Without a total of its own, the statuses' sum is the total.
 */
export function buildCards(
  frames: KpiFrames,
  statuses: SliceSet | undefined,
  options: TrackingOptions,
  theme: GrafanaTheme2,
  defaults: FieldConfig = {}
): Card[] {
  const chosen = options.cards.fields;
  const fields = findKpiFields(frames.kpis, frames.current, chosen);
  const cards = named(
    fields.map((kpi) => buildCard(kpi, frames, options, theme, defaults)),
    fields,
    frames.current
  );
  if (statuses && chosen.length === 0 && !cards.some(({ kind }) => kind === 'total')) {
    cards.push({
      id: 'total',
      kind: 'total',
      heading: options.titles.totalHeading,
      value: { ...statuses.totalDisplay, title: options.titles.total },
      changes: changesOfTotal(statuses, frames, options, theme),
      isUnknown: false,
      hasOwnColor: true,
      links: () => [],
    });
  }
  const all = distinct(cards);
  if (chosen.length > 0) {
    return all;
  }
  const rank = (card: Card) =>
    card.kind === 'other' ? 2 : card.id !== card.kind ? 3 : card.kind === 'mean' ? 0 : 1;
  return all.sort((a, b) => rank(a) - rank(b));
}

/**
 * The cards with titles that tell them apart. A second mean or total (another query with the same column) is an ordinary
 * card: it has no heading, and its own name.
 */
function named(cards: Card[], fields: KpiField[], series: DataFrame[]): Card[] {
  const isFirst = (card: Card) => card === cards.find(({ kind }) => kind === card.kind);
  const plain = cards.map((card, index) => {
    const kpi = fields[index];
    return card.kind === 'other' || isFirst(card) || !kpi
      ? card
      : {
          ...card,
          heading: '',
          value: { ...card.value, title: getFieldDisplayName(kpi.field, kpi.frame, series) },
        };
  });
  const titles = tellApart(
    plain.map(({ value }) => value.title ?? ''),
    fields
  );
  return plain.map((card, index) => ({ ...card, value: { ...card.value, title: titles[index] } }));
}

/** Numbers the ids that occur twice. */
function distinct(cards: Card[]): Card[] {
  const seen = new Map<string, number>();
  return cards.map((card) => {
    const count = (seen.get(card.id) ?? 0) + 1;
    seen.set(card.id, count);
    return count === 1 ? card : { ...card, id: `${card.id}-${count}` };
  });
}

/** The card of one field. `defaults`: what is set for all fields of the panel. */
export function buildCard(
  kpi: KpiField,
  frames: KpiFrames,
  options: TrackingOptions,
  theme: GrafanaTheme2,
  defaults: FieldConfig = {}
): Card {
  const { frame, field } = kpi;
  const name = field.name.toLowerCase();
  // One of several that labels tell apart is neither the mean nor the total of all.
  const kind = isOneOfSeveral(kpi, frames.current)
    ? 'other'
    : MEAN_NAMES.includes(name)
      ? 'mean'
      : TOTAL_NAMES.includes(name)
        ? 'total'
        : 'other';
  const ordered = inTimeOrder(frame);
  const numbers = numbersOf(ordered.fields[frame.fields.indexOf(field)] ?? field);
  const number = reduceNumbers(numbers, options.cards.calculation);
  const format = formatter(kpi, kind === 'mean', frames.current, options, theme);
  const value = format.value(number);
  return {
    id: kind === 'other' ? `${frame.refId ?? frames.current.indexOf(frame)}/${field.name}` : kind,
    kind,
    heading:
      kind === 'mean' ? options.titles.meanHeading : kind === 'total' ? options.titles.totalHeading : '',
    value: { ...value, title: titleOf(kind, frame, field, frames.current, options) },
    sparkline: options.cards.sparkline ? sparklineOf(ordered, field, numbers) : undefined,
    changes: changesOf(kpi, number, numbers, kind, frames.previous, options, format),
    isUnknown: Number.isNaN(number),
    standing: standingOf(kpi, number, kind, options, format),
    hasOwnColor: hasOwnColor(field, Number.isNaN(number) ? null : number, defaults, theme),
    // A number made of several rows belongs to none of them.
    links: () =>
      field.getLinks?.(frame.length === 1 ? { valueRowIndex: 0 } : { calculatedValue: value }) ?? [],
  };
}

/** Which way is good news for a field. */
function betterOf(field: Field, kind: Card['kind']): Exclude<BetterIs, 'auto'> {
  const custom: TrackingFieldConfig = field.config.custom ?? {};
  const own = custom.betterIs ?? 'auto';
  return own === 'auto' ? (kind === 'mean' ? 'lower' : 'neither') : own;
}

function standingOf(
  { field, warning, critical }: KpiField,
  number: number,
  kind: Card['kind'],
  { cards }: TrackingOptions,
  format: Formatter
): Standing | undefined {
  const limit = (of: Field | undefined) => {
    const reduced = of ? reduceNumbers(numbersOf(of), cards.calculation) : Number.NaN;
    return Number.isNaN(reduced) ? undefined : reduced;
  };
  const limits = { warning: limit(warning), critical: limit(critical) };
  const isBelow = betterOf(field, kind) === 'higher';
  const level = levelOf(number, limits, isBelow);
  const text = (value: number | undefined) => (value === undefined ? undefined : format.plain(value));
  return level && { level, isBelow, warningText: text(limits.warning), criticalText: text(limits.critical) };
}

function changesOf(
  kpi: KpiField,
  number: number,
  numbers: Array<number | null>,
  kind: Card['kind'],
  previousFrames: DataFrame[],
  options: TrackingOptions,
  format: Formatter
): ShownChange[] {
  const { field, previous, target } = kpi;
  const { calculation } = options.cards;
  const betterIs = betterOf(field, kind);
  const twin = findTwin(previousFrames, kpi);
  const reduced = (other: Field) => reduceNumbers(numbersOf(other), calculation);
  const references = {
    previous: previous
      ? reduced(previous)
      : twin && reduced(inTimeOrder(twin.frame).fields[twin.frame.fields.indexOf(twin.field)] ?? twin.field),
    target: target && reduced(target),
    first: numbers.length > 1 ? reduceNumbers(numbers, 'firstNotNull') : undefined,
  };
  return shownChanges(number, references, betterIs, options.cards, format);
}

/** How the sum of the statuses stands to that of the previous period, where there is one. */
function changesOfTotal(
  { role, total, previousTotal }: SliceSet,
  { current }: KpiFrames,
  options: TrackingOptions,
  theme: GrafanaTheme2
): ShownChange[] {
  const counts = role.kind === 'long' ? { frame: role.frame, field: role.value } : role.columns[0];
  return counts
    ? shownChanges(
        total,
        { previous: previousTotal },
        betterOf(counts.field, 'total'),
        options.cards,
        formatter(counts, false, current, options, theme)
      )
    : [];
}

function shownChanges(
  number: number,
  references: Partial<Record<Change['against'], number>>,
  betterIs: Exclude<BetterIs, 'auto'>,
  { compareWith }: TrackingOptions['cards'],
  format: Formatter
): ShownChange[] {
  return (['previous', 'target', 'first'] as const).flatMap((against) => {
    const reference = references[against];
    if (reference === undefined || !compareWith.includes(against)) {
      return [];
    }
    const change = changeOf(number, reference, against, betterIs);
    const difference = change?.difference ?? 0;
    const sign = difference > 0 ? '+' : difference < 0 ? '-' : '';
    return [
      {
        against,
        ...change,
        differenceText: sign + format.plain(Math.abs(difference)),
        points: format.points && difference * format.points,
        referenceText: format.plain(reference),
      },
    ];
  });
}

function sparklineOf(
  ordered: DataFrame,
  field: Field,
  numbers: Array<number | null>
): FieldSparkline | undefined {
  const x = timeField(ordered);
  const { min, max, count } = rangeOf(numbers);
  if (!x || count < 2) {
    return undefined;
  }
  // Grafana's sparkline reads the range here, which overrides fill for numeric fields alone.
  const state = { range: { min, max, delta: max - min } };
  return { x, y: { name: field.name, type: FieldType.number, config: field.config, values: numbers, state } };
}

/** The two known cards have their titles in the options; a display name set by an override on the field wins over those. */
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
