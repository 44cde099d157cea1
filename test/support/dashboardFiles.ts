import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** What the tests read of a dashboard file; rows of panels are not used. */
export interface Target {
  readonly refId: string;
  readonly rawSql?: string;
  readonly expr?: string;
  readonly format?: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly allValue?: string | null;
  readonly includeAll?: boolean;
  readonly multi?: boolean;
  readonly datasource?: { readonly uid: string };
  readonly current: { readonly value: string | string[] };
}
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly fieldConfig: {
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly refresh?: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}
export interface Rule {
  readonly uid: string;
  readonly condition: string;
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: { readonly type?: string; readonly rawSql?: string; readonly expression?: string };
  }[];
}
export interface Source {
  readonly uid: string;
  readonly type: string;
  readonly user?: string;
  readonly jsonData: { readonly timescaledb?: boolean; readonly connMaxLifetime?: number };
}

export const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** All dashboards of the repository, by file name. */
export const DASHBOARDS = readdirSync(path.join(ROOT, 'dashboards'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(read(`dashboards/${file}`)) as Dashboard);

/** The provisioned data sources. */
export const SOURCES = (parse(read('provisioning/datasources/rastreio.yaml')) as { datasources: Source[] })
  .datasources;

/** The groups of alert rules. */
export const RULE_GROUPS = readdirSync(path.join(ROOT, 'provisioning/alerting')).flatMap(
  (file) =>
    (
      parse(read(`provisioning/alerting/${file}`)) as {
        groups?: { name: string; folder: string; rules: Rule[] }[];
      }
    ).groups ?? [],
);
