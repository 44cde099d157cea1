import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dashboardText } from '../../packages/grafana/src/dashboardForm';
import { asObject, type Json } from '../../packages/grafana/src/json';
import { withStatuses } from './dashboard';
import { withTable } from './table';

const ROOT = path.resolve(__dirname, '../..');
const DASHBOARDS = path.join(ROOT, 'dashboards');

export interface StatusFile {
  /** Absolute. */
  readonly file: string;
  readonly before: string;
  /** With the statuses of the catalogue. */
  readonly after: string;
}

/** Every file that repeats the catalogue, as it is and as it should be. */
export function statusFiles(): readonly StatusFile[] {
  const dashboards = readdirSync(DASHBOARDS)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(DASHBOARDS, name));
  return [
    ...dashboards.map((file) =>
      rewritten(file, (text) => dashboardText(asObject(withStatuses(JSON.parse(text) as Json)))),
    ),
    rewritten(path.join(ROOT, 'docs/kpis.md'), withTable),
  ];
}

function rewritten(file: string, change: (text: string) => string): StatusFile {
  const before = readFileSync(file, 'utf8');
  return { file, before, after: change(before) };
}
