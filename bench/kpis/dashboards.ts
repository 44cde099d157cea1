import { DASHBOARDS } from '../../test/support/dashboardFiles';
import { filledIn, ruleQueries, sqlTargets, type Frame } from '../../test/support/dashboardSql';

/** A query as Grafana sends it: text, without parameters. */
export interface Query {
  readonly name: string;
  readonly sql: string;
}

const HOUR_MS = 3_600_000;
/** What a dashboard's text variables hold: the parcel of its page. */
const TEXT_VARIABLE = 'textbox';

/** The queries of a dashboard's panels and variables; its text variables hold `text`. */
export function dashboardQueries(uid: string, frame: Frame, text: string): Query[] {
  const dashboard = DASHBOARDS.find((d) => d.uid === uid);
  if (dashboard === undefined) throw new Error(`there is no dashboard ${uid}`);
  const { list } = dashboard.templating;
  const values = new Map(list.filter(({ type }) => type === TEXT_VARIABLE).map(({ name }) => [name, text]));
  const fill = (sql: string, source: string) => filledIn(sql, source, { ...frame, values });
  return [
    ...sqlTargets(dashboard).map(({ panel, target, sql }) => ({
      name: `${uid}/${panel.id} ${panel.title} ${target.refId}`,
      sql: fill(sql, target.datasource.uid),
    })),
    ...list.flatMap(({ name, type, query, datasource }) =>
      type === 'query' ? [{ name: `${uid} $${name}`, sql: fill(query, datasource?.uid ?? '') }] : [],
    ),
  ];
}

/** The queries of the provisioned alert rules, over the hour until `now`. */
export function alertQueries(now: Date): Query[] {
  return ruleQueries().map(({ uid, sql, source }) => ({
    name: `alert ${uid}`,
    sql: filledIn(sql, source, { toMs: now.getTime(), rangeMs: HOUR_MS }),
  }));
}
