import type { DashboardCursorSync, DataTransformerConfig, FieldConfigSource } from '@grafana/data';

/** The parts of Grafana's Classic dashboard JSON that are drawn here. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly refresh?: string | false;
  readonly time?: { readonly from: string; readonly to: string };
  /** "browser", "utc", a zone's name, or empty for the browser's. */
  readonly timezone?: string;
  readonly panels: readonly PanelModel[];
  readonly links?: readonly LinkModel[];
  readonly templating?: { readonly list: readonly VariableModel[] };
  readonly graphTooltip?: DashboardCursorSync;
}

/** A link of a dashboard: to an address, or to the dashboards with all of these tags. */
export interface LinkModel {
  readonly type?: 'link' | 'dashboards';
  readonly title: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly tooltip?: string;
  readonly icon?: string;
  readonly asDropdown?: boolean;
  readonly includeVars?: boolean;
  readonly keepTime?: boolean;
  readonly targetBlank?: boolean;
}

export interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly transparent?: boolean;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: DataSourceRef | null;
  readonly targets?: readonly TargetModel[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: FieldConfigSource;
  readonly transformations?: DataTransformerConfig[];
  /** Least step of the queries, such as "1m". */
  readonly interval?: string;
  readonly maxDataPoints?: number | null;
  readonly links?: readonly LinkModel[];
  /** Of a row: whether its panels, which are in it then, are out of sight at first. */
  readonly collapsed?: boolean;
  readonly panels?: readonly PanelModel[];
}

interface DataSourceRef {
  readonly uid?: string;
  readonly type?: string;
}

export interface TargetModel {
  readonly refId: string;
  readonly datasource?: DataSourceRef | null;
  readonly rawSql?: string;
  readonly format?: string;
  readonly hide?: boolean;
  /** Of Prometheus. */
  readonly expr?: string;
  readonly legendFormat?: string;
}

export interface VariableModel {
  readonly name: string;
  readonly label?: string;
  readonly description?: string | null;
  readonly type: string;
  readonly hide?: number;
  readonly skipUrlSync?: boolean;
  readonly query?: string | { readonly rawSql?: string; readonly query?: string };
  readonly definition?: string;
  readonly datasource?: DataSourceRef | null;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  readonly regex?: string;
  readonly sort?: number;
  /** 2: anew whenever the time range changes. */
  readonly refresh?: number;
  readonly auto?: boolean;
  readonly auto_count?: number;
  readonly auto_min?: string;
  readonly current?: { readonly text?: string | string[]; readonly value?: string | string[] };
}

export interface DataSourceModel {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly isDefault: boolean;
  /** Least step of its queries. */
  readonly timeInterval?: string;
}
