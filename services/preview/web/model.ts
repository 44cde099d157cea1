import type { DashboardCursorSync, DataTransformerConfig, FieldConfigSource } from '@grafana/data';

/** The parts of Grafana's Classic dashboard JSON that are drawn here. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly refresh?: string | false;
  readonly time?: { readonly from: string; readonly to: string };
  readonly panels: readonly PanelModel[];
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly templating?: { readonly list: readonly VariableModel[] };
  readonly graphTooltip?: DashboardCursorSync;
}

export interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly transparent?: boolean;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetModel[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: FieldConfigSource;
  readonly transformations?: DataTransformerConfig[];
}

export interface TargetModel {
  readonly refId: string;
  readonly datasource?: { readonly uid: string };
  readonly rawSql?: string;
  readonly format?: string;
  readonly hide?: boolean;
}

export interface VariableModel {
  readonly name: string;
  readonly label?: string;
  readonly type: string;
  readonly hide?: number;
  readonly query?: string | { readonly rawSql?: string };
  readonly definition?: string;
  readonly datasource?: { readonly uid: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly current?: { readonly text?: string | string[]; readonly value?: string | string[] };
}

export interface DataSourceModel {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly isDefault: boolean;
}
