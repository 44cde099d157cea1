import {
  applyFieldOverrides,
  createTheme,
  type DataFrame,
  type Field,
  type FieldConfig,
  type FieldConfigSource,
  FieldType,
  type GrafanaTheme2,
  type InterpolateFunction,
  toDataFrame,
} from '@grafana/data';
import { plugin } from '../plugin';
import { DEFAULT_OPTIONS, type TrackingOptions } from '../types';

export const THEME = createTheme();

/** The figures of the original's screenshot. */
export const ORIGINAL: ReadonlyArray<[string, number]> = [
  ['ENTREGUE', 15],
  ['EM ROTA DE ENTREGA', 5],
  ['EXTRAVIADO', 5],
  ['CANCELADO', 2],
  ['AGUARDANDO RETIRADA', 1],
  ['EM TRÂNSITO', 1],
];

/** 2 dias, 08:42:00 */
export const ORIGINAL_MEAN_SECONDS = 204_120;

interface StatusFrameOptions {
  refId?: string;
  statusName?: string;
  valueName?: string;
  statusConfig?: FieldConfig;
  valueConfig?: FieldConfig;
}

export function statusFrame(
  rows: ReadonlyArray<readonly [string | null, number | null]>,
  { refId = 'A', statusName, valueName, statusConfig = {}, valueConfig = {} }: StatusFrameOptions = {}
): DataFrame {
  return toDataFrame({
    refId,
    fields: [
      {
        name: statusName ?? 'status_rastreamento',
        type: FieldType.string,
        values: rows.map(([status]) => status),
        config: statusConfig,
      },
      {
        name: valueName ?? 'total_pacotes',
        type: FieldType.number,
        values: rows.map(([, count]) => count),
        config: valueConfig,
      },
    ],
  });
}

/** A frame of one row. */
export function kpiFrame(
  values: Record<string, number | string | null>,
  config: FieldConfig = {},
  refId = 'B'
): DataFrame {
  return toDataFrame({
    refId,
    fields: Object.entries(values).map(([name, value]): Partial<Field> => ({
      name,
      type: typeof value === 'string' ? FieldType.string : FieldType.number,
      values: [value],
      config,
    })),
  });
}

export const ORIGINAL_FRAMES = () => [
  statusFrame(ORIGINAL),
  kpiFrame({ tempo_medio_segundos: ORIGINAL_MEAN_SECONDS }),
  kpiFrame({ total_pacotes: 29 }, {}, 'C'),
];

/** What Grafana does to frames before a panel sees them. */
export function withOverrides(
  data: DataFrame[],
  fieldConfig: FieldConfigSource = { defaults: {}, overrides: [] },
  theme: GrafanaTheme2 = THEME,
  replaceVariables: InterpolateFunction = (text) => text
): DataFrame[] {
  return applyFieldOverrides({
    data,
    fieldConfig,
    fieldConfigRegistry: plugin.fieldConfigRegistry,
    replaceVariables,
    theme,
    timeZone: 'utc',
  });
}

type DeepPartial<T> = { [K in keyof T]?: T[K] extends unknown[] ? T[K] : DeepPartial<T[K]> };

export function optionsWith(changes: DeepPartial<TrackingOptions> = {}): TrackingOptions {
  const merged = Object.entries(DEFAULT_OPTIONS).map(([group, defaults]) => [
    group,
    { ...defaults, ...changes[group as keyof TrackingOptions] },
  ]);
  return Object.fromEntries(merged) as TrackingOptions;
}
