import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { expandMacros } from '../../services/preview/src/macros';
import { ROOT } from '../support';

/** A query as Grafana sends it: text, without parameters. */
export interface Query {
  readonly name: string;
  readonly sql: string;
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly refId: string; readonly rawSql?: string }[];
  }[];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly uid: string;
      readonly data: readonly { readonly model: { readonly rawSql?: string } }[];
    }[];
  }[];
}

const HOUR_MS = 3_600_000;

/** The queries of a dashboard's panels, over the hour until `now`. */
export function panelQueries(dashboard: string, now: Date): Query[] {
  const { panels } = JSON.parse(read(`dashboards/${dashboard}.json`)) as Dashboard;
  return panels.flatMap(({ title, targets }) =>
    targets.flatMap(({ refId, rawSql }) =>
      rawSql === undefined ? [] : [{ name: `${title} ${refId}`, sql: expand(rawSql, now) }],
    ),
  );
}

/** The queries of the provisioned alert rules. */
export function alertQueries(now: Date): Query[] {
  const { groups } = parse(read('provisioning/alerting/regras.yaml')) as Rules;
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ uid, data }) =>
      data.flatMap(({ model: { rawSql } }) =>
        rawSql === undefined ? [] : [{ name: `alert ${uid}`, sql: expand(rawSql, now) }],
      ),
    ),
  );
}

function expand(sql: string, now: Date): string {
  const context = { fromMs: now.getTime() - HOUR_MS, toMs: now.getTime(), intervalMs: 60_000 };
  return expandMacros(sql, { ...context, timescaledb: true }).sql;
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
