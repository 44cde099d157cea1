import {
  type DataFrame,
  type Field,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { type TrackingOptions } from '../types';
import { textColourOn } from '../shared/contrast';
import { mappingColours } from '../shared/fields';
import { createGrouping } from './grouping';
import { gatherOthers, sumOfCounts } from './others';
import { hashColour, OTHERS_COLOUR, statusColour } from './palette';
import { patternOf } from './patterns';
import { type SliceSort } from './options';
import { largestRemainderShares } from './percent';
import { type StatusRole } from './role';
import { type Slice, type SliceSet } from './types';
import { readStatuses, remembered, type StatusColumns } from './read';

/** One status of the columns. Looks and texts are made when they are asked for, and once. */
class StatusSlice implements Slice {
  readonly id: string;
  readonly value: number;
  private readonly text: Partial<{ label: string; value: string; colour: string }> = {};

  constructor(
    private readonly statuses: StatusColumns,
    private readonly index: number,
    readonly percent: number,
    private readonly theme: GrafanaTheme2
  ) {
    this.id = statuses.ids[index] ?? '';
    this.value = statuses.values[index] ?? 0;
  }

  get label() {
    return (this.text.label ??= this.statuses.labelOf(this.index));
  }

  get valueText() {
    return (this.text.value ??= formatWith(this.statuses.fieldOf(this.index), this.value));
  }

  get colour() {
    return (this.text.colour ??= this.theme.visualization.getColorByName(
      this.statuses.colourOf(this.index) ?? statusColour(this.id) ?? hashColour(this.id)
    ));
  }

  get textColour() {
    return textColourOn(this.colour);
  }

  get pattern() {
    return patternOf(this.id);
  }

  get rows() {
    return this.statuses.rowsOf(this.index);
  }

  get hiddenFrom() {
    return hiddenFrom(this.statuses.fieldOf(this.index));
  }
}

/** Builds the slices of a status frame: rows of one status are added up, colours follow the status's text. */
export function buildSlices(
  role: StatusRole,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2,
  group = createGrouping()
): SliceSet {
  const unit = 10 ** options.pie.percentDecimals;
  const statuses = readStatuses(role, series, theme, group);
  const order = orderOf(statuses, options.pie.sort);
  const values = order ? order.map((index) => statuses.values[index] ?? 0) : statuses.values;
  const shares = largestRemainderShares(values, options.pie.percentDecimals);
  const made = new Map<number, Slice>();
  const sliceAt = (place: number): Slice => {
    const known = made.get(place);
    if (known) {
      return known;
    }
    const slice = new StatusSlice(statuses, order?.[place] ?? place, (shares[place] ?? 0) / unit, theme);
    made.set(place, slice);
    return slice;
  };
  const all = remembered(() => values.map((_, place) => sliceAt(place)));
  const total = sumOfCounts(values);
  const valueField = role.kind === 'long' ? role.value : role.values[0];
  // Somebody may give the others a colour as they do to any status: by a value mapping.
  const othersColour = role.kind === 'long' ? mappingColours(role.status, theme)(options.titles.others) : undefined;
  const ids = order
    ? (place: number) => statuses.ids[order[place] ?? -1] ?? ''
    : (place: number) => statuses.ids[place] ?? '';
  return {
    role,
    list: {
      length: values.length,
      at: (place) => (place >= 0 && place < values.length ? sliceAt(place) : undefined),
      slice: (first, end) =>
        Array.from({ length: Math.max(0, Math.min(end, values.length) - first) }, (_, index) => sliceAt(first + index)),
    },
    get slices() {
      return all();
    },
    has: (id) => statuses.indexOf(id) !== undefined,
    extremes: extremesOf(values).map(sliceAt),
    gathered: gatherOthers({ values, shares, idAt: ids, sliceAt }, options, {
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

/**
 * Places of the statuses in the order of drawing, equal values by name, so that a refresh never swaps two of them;
 * undefined where they are in that order already, as queries often give them.
 */
function orderOf(statuses: StatusColumns, sort: SliceSort): number[] | undefined {
  if (sort === 'query') {
    return undefined;
  }
  const { ids, values } = statuses;
  const labels: string[] = [];
  const label = (index: number) => (labels[index] ??= statuses.labelOf(index));
  const byId = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const byName = (a: number, b: number) =>
    collator.compare(label(a), label(b)) || byId(ids[a] ?? '', ids[b] ?? '') || a - b;
  const sign = sort === 'valueAsc' ? 1 : -1;
  const compare =
    sort === 'name' ? byName : (a: number, b: number) => sign * ((values[a] ?? 0) - (values[b] ?? 0)) || byName(a, b);
  for (let index = 1; index < values.length; index++) {
    if (compare(index - 1, index) > 0) {
      return Array.from(values.keys()).sort(compare);
    }
  }
  return undefined;
}

// One fixed language: the order of slices must not depend on who looks at them.
export const collator = new Intl.Collator('pt-BR', { numeric: true });

/** Places of the least and the greatest value; the same twice for one value, none for none. */
function extremesOf(values: readonly number[]): number[] {
  let least = 0;
  let greatest = 0;
  for (let index = 1; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (value < (values[least] ?? 0)) {
      least = index;
    } else if (value > (values[greatest] ?? 0)) {
      greatest = index;
    }
  }
  return values.length > 0 ? [least, greatest] : [];
}

function formatWith(field: Field, value: number): string {
  return field.display ? formattedValueToString(field.display(value)) : String(value);
}

const SHOWN_EVERYWHERE: Slice['hiddenFrom'] = { legend: false, tooltip: false };

function hiddenFrom({ config }: Field): Slice['hiddenFrom'] {
  const hide: { legend?: boolean; tooltip?: boolean } | undefined = config.custom?.hideFrom;
  return hide ? { legend: hide.legend === true, tooltip: hide.tooltip === true } : SHOWN_EVERYWHERE;
}
