import {
  type DataFrame,
  type DisplayValue,
  type Field,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { DEFAULT_FIELD_COLOUR } from '../constants';
import { type SliceSort, type TrackingOptions } from '../types';
import { textColourOn } from './contrast';
import { mappingColours } from './fields';
import { gatherOthers, sumOfCounts } from './others';
import { hashColour, OTHERS_COLOUR, statusColour } from './palette';
import { type PatternName, patternOf } from './patterns';
import { largestRemainderShares } from './percent';
import { type LongRole, type StatusRole, type WideRole } from './roles';

/** One status with its packages: the one model that pie, legend and table draw. */
export interface Slice {
  /** The status as the query gave it: identity across refreshes, parts and sort orders. */
  id: string;
  /** What to call it: the value mapping's text, else the status itself. */
  label: string;
  /** Packages; may be negative or 0, which the pie does not draw. */
  value: number;
  /** The count with the field's unit, decimals and mappings. */
  valueText: string;
  /** Share of the whole in percent, rounded so that all shares sum to 100. */
  percent: number;
  colour: string;
  /** Black or white, whichever reads better on `colour`. */
  textColour: string;
  /** Rows of the status frame that were added up; none for statuses in columns. */
  rows?: number[];
  /** Drawn over the colour where the option asks for patterns. */
  pattern: PatternName;
  /** Where an override keeps the status out of. */
  hiddenFrom: { legend: boolean; tooltip: boolean };
  /** The statuses that this slice gathers; only the slice of the others has any. */
  parts?: Slice[];
}

/** The slices with what is common to them. */
export interface SliceSet {
  /** Every status. */
  slices: Slice[];
  /** What pie and legend draw: the small ones gathered as the options ask, last. */
  gathered: Slice[];
  /** Sum of the values that count (finite and positive). */
  total: number;
  /** The total as the count field displays its values. */
  totalDisplay: DisplayValue;
  /** Headings of the columns, as the query or an override names them. */
  columns: { status: string; value: string };
  /** Where the slices are from. */
  role: StatusRole;
}

interface RawSlice {
  id: string;
  label: string;
  value: number;
  field: Field;
  colour: string | undefined;
  rows?: number[];
}

/** Looks and texts are made when they are asked for: what is in sight asks, and there may be ten thousand. */
class StatusSlice implements Slice {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly rows: number[] | undefined;
  readonly hiddenFrom: Slice['hiddenFrom'];
  private readonly field: Field;
  private readonly mapped: string | undefined;
  private drawn: string | undefined;

  constructor(
    { id, label, value, rows, field, colour }: RawSlice,
    readonly percent: number,
    private readonly theme: GrafanaTheme2
  ) {
    this.id = id;
    this.label = label;
    this.value = value;
    this.rows = rows;
    this.field = field;
    this.mapped = colour;
    this.hiddenFrom = hiddenFrom(field);
  }

  get valueText() {
    return formatWith(this.field, this.value);
  }

  get colour() {
    this.drawn ??= this.theme.visualization.getColorByName(this.mapped ?? statusColour(this.id) ?? hashColour(this.id));
    return this.drawn;
  }

  get textColour() {
    return textColourOn(this.colour);
  }

  get pattern() {
    return patternOf(this.id);
  }
}

/** Builds the slices of a status frame: rows of one status are added up, colours follow the status's text. */
export function buildSlices(
  role: StatusRole,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2
): SliceSet {
  const { percentDecimals } = options.pie;
  const raw = role.kind === 'long' ? readLong(role, theme) : readWide(role, series, theme);
  const sorted = sortSlices(raw, options.pie.sort);
  const shares = largestRemainderShares(
    sorted.map(({ value }) => value),
    percentDecimals
  );
  const total = sumOfCounts(sorted);
  const valueField = role.kind === 'long' ? role.value : role.values[0];
  const slices = sorted.map(
    (row, index): Slice => new StatusSlice(row, (shares[index] ?? 0) / 10 ** percentDecimals, theme)
  );
  // Somebody may give the others a colour as they do to any status: by a value mapping.
  const othersColour = role.kind === 'long' ? mappingColours(role.status, theme)(options.titles.others) : undefined;
  return {
    role,
    slices,
    gathered: gatherOthers(slices, options, {
      colour: theme.visualization.getColorByName(othersColour ?? OTHERS_COLOUR),
      format: (value) => (valueField ? formatWith(valueField, value) : String(value)),
    }),
    total,
    totalDisplay: valueField?.display?.(total) ?? { text: String(total), numeric: total },
    columns:
      role.kind === 'long'
        ? {
            status: getFieldDisplayName(role.status, role.frame, series),
            value: getFieldDisplayName(role.value, role.frame, series),
          }
        : { status: 'status_rastreamento', value: 'total_pacotes' },
  };
}

/** Orders slices for drawing; equal values by name, so that a refresh never swaps two of them. */
export function sortSlices<T extends { id: string; label: string; value: number }>(slices: T[], sort: SliceSort): T[] {
  if (sort === 'query') {
    return slices;
  }
  const byName = (a: T, b: T) => collator.compare(a.label, b.label) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const sign = sort === 'valueAsc' ? 1 : -1;
  return [...slices].sort((a, b) => (sort === 'name' ? byName(a, b) : sign * (a.value - b.value) || byName(a, b)));
}

// One fixed language: the order of slices must not depend on who looks at them.
export const collator = new Intl.Collator('pt-BR', { numeric: true });

function readLong({ frame, status, value }: LongRole, theme: GrafanaTheme2): RawSlice[] {
  const mapped = mappingColours(status, theme);
  // Nothing can change the text of such a field, and asking its display costs more than all else here.
  const isPlain = status.type === FieldType.string && !status.config.mappings?.length && !status.config.unit;
  const byStatus = new Map<string, RawSlice>();
  for (let row = 0; row < frame.length; row++) {
    const rawStatus: unknown = status.values[row];
    const id = rawStatus === null || rawStatus === undefined ? '' : String(rawStatus);
    const count = toCount(value.values[row]);
    const known = byStatus.get(id);
    if (known) {
      known.value += count;
      known.rows?.push(row);
      continue;
    }
    const display = isPlain ? undefined : status.display?.(rawStatus);
    byStatus.set(id, {
      id,
      label: (display && formattedValueToString(display)) || id,
      value: count,
      field: value,
      colour: mapped(rawStatus),
      rows: [row],
    });
  }
  return [...byStatus.values()];
}

function readWide(role: WideRole, series: DataFrame[], theme: GrafanaTheme2): RawSlice[] {
  return role.values.map((field) => {
    const value = toCount(field.values[0]);
    const { mode, fixedColor } = field.config.color ?? {};
    // The text's colour is what the plugin gives every field of a new panel: nobody chose it for this status.
    const fixed = mode === FieldColorModeId.Fixed && fixedColor !== DEFAULT_FIELD_COLOUR ? fixedColor : undefined;
    return {
      id: field.name,
      label: getFieldDisplayName(field, role.frame, series),
      value,
      field,
      colour: mappingColours(field, theme)(value) ?? fixed,
    };
  });
}

/** A missing count is none; some data sources deliver 64-bit counts as text. */
function toCount(value: unknown): number {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && !Number.isNaN(count) ? count : 0;
}

function formatWith(field: Field, value: number): string {
  return field.display ? formattedValueToString(field.display(value)) : String(value);
}

const SHOWN_EVERYWHERE: Slice['hiddenFrom'] = { legend: false, tooltip: false };

function hiddenFrom({ config }: Field): Slice['hiddenFrom'] {
  const hide: { legend?: boolean; tooltip?: boolean } | undefined = config.custom?.hideFrom;
  return hide ? { legend: hide.legend === true, tooltip: hide.tooltip === true } : SHOWN_EVERYWHERE;
}
