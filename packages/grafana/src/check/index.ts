import { readDataSourceUids } from '../dataSourceFiles';
import { readUnits, WAIT_MS, type ApplyOptions } from '../apply';
import { createClient, waitForGrafana } from '../client';
import { readDashboards } from '../dashboardScreen';
import { foldersOf } from '../folders';
import { asText } from '../json';
import { withContact } from '../notificationEnv';
import type { Units } from '../units';
import { checkRules } from './alertRules';
import { checkInBrowser } from './browser';
import { checkNotification, WEBHOOK_WAIT_MS } from './notification';
import { checkQueries } from './queries';
import type { Part, Row } from './row';
import { checkDataSources, checkPlugins } from './services';

export interface CheckOptions extends Pick<ApplyOptions, 'url' | 'auth' | 'env' | 'folders' | 'waitMs'> {
  readonly skip: ReadonlySet<Part>;
  /** Data sources that need not be healthy. */
  readonly withoutDataSources: ReadonlySet<string>;
  readonly allowedEmpty: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly waitRulesMs: number;
  /** This machine as Grafana sees it. */
  readonly webhookHost: string;
  /** How long a notification is waited for that Grafana says it has delivered; 15 s unless given. */
  readonly webhookWaitMs?: number;
}

/**
 * Looks at a live Grafana from outside: data sources, plugins, queries of panels and variables, alert rules, dashboards in a browser and a
 * test notification. Changes nothing.
 */
export async function checkGrafana(options: CheckOptions): Promise<readonly Row[]> {
  const { url, auth, folders = foldersOf(), skip } = options;
  const env = withContact(options.env ?? process.env);
  const files = await readUnits(folders, env);
  await waitForGrafana({ url, auth }, options.waitMs ?? WAIT_MS);
  const client = createClient({ url, auth });
  const ofFiles = unitsOf(files, 'dashboard');
  const screen = await readDashboards(
    client,
    ofFiles.map(({ key }) => key),
  );
  const dashboards = [...screen.values()].map(({ dashboard }) => dashboard);
  const missing = ofFiles.filter(({ key }) => !screen.has(key));
  const rows: Row[] = missing.map(({ key }) => ({
    part: 'queries',
    what: `dashboard ${key}`,
    ok: false,
    detail: 'is not in Grafana; run "npm run grafana:apply"',
  }));
  const part = async (name: Part, look: () => Promise<readonly Row[]>) => {
    if (!skip.has(name)) rows.push(...(await look()));
  };
  await part('data sources', async () => {
    const uids = await readDataSourceUids(folders);
    return checkDataSources(
      client,
      uids.filter((uid) => !options.withoutDataSources.has(uid)),
    );
  });
  await part('plugins', () => checkPlugins(client, dashboards));
  await part('queries', async () => {
    const found: Row[] = [];
    for (const dashboard of dashboards)
      found.push(...(await checkQueries(client, dashboard, { ...options, now: Date.now() })));
    return found;
  });
  await part('rules', () =>
    checkRules(
      client,
      unitsOf(files, 'rule').map(({ key, content }) => ({
        uid: key,
        title: asText(content.title),
        paused: content.isPaused === true,
      })),
      options.waitRulesMs,
    ),
  );
  const query = new URLSearchParams(
    Object.entries(options.values).map(([name, value]): [string, string] => [`var-${name}`, value]),
  ).toString();
  await part('browser', () => checkInBrowser({ url, auth }, dashboards, query === '' ? '' : `?${query}`));
  await part('notification', () =>
    checkNotification(client, unitsOf(files, 'contactPoint'), {
      host: options.webhookHost,
      waitMs: options.webhookWaitMs ?? WEBHOOK_WAIT_MS,
    }),
  );
  return rows;
}

function unitsOf(units: Units, kind: string) {
  return [...units.values()].filter((unit) => unit.kind === kind);
}
