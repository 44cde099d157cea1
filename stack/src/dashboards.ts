import path from 'node:path';
import type { ChildOptions } from './child';
import { grafanaChild } from './grafana/child';
import { bringContent } from './grafana/content';
import { fetchGrafana, findGrafana, type Grafana } from './grafana/find';
import { alertingFolder, provisioningFolder } from './grafana/provisioning';
import type { StackOptions } from './options';
import { REPO_ROOT } from './paths';
import type { Progress } from './progress';
import type { Secrets } from './secrets';
import { serviceChild } from './services';

/** What the dashboards of a stack are made from. */
export interface DashboardsPlace {
  readonly options: StackOptions;
  readonly secrets: Secrets;
  /** What provisioning/datasources and provisioning/alerting interpolate. */
  readonly env: Readonly<Record<string, string>>;
}

/** How to get the Grafana to use; undefined comes of it where the preview is to be shown. @throws OperatorError (78) for a wrong `grafanaHome` */
export async function grafanaOf(
  options: StackOptions,
  progress: Progress,
): Promise<(signal: AbortSignal) => Promise<Grafana | undefined>> {
  if (options.preview) return () => Promise.resolve(undefined);
  const found = await findGrafana(options.grafanaHome);
  return (signal) => (found === undefined ? fetchGrafana(progress, signal) : Promise.resolve(found));
}

/** How to run Grafana, or the preview in its stead. */
export async function dashboardsChild(
  grafana: Grafana | undefined,
  { options: { dir, ports, readOnly }, secrets, env }: DashboardsPlace,
): Promise<ChildOptions> {
  if (grafana === undefined)
    return serviceChild('preview', 'preview', [], dir, { ...env, PREVIEW_PORT: String(ports.dashboards) });
  return grafanaChild(grafana, {
    dir,
    port: ports.dashboards,
    adminPassword: secrets.grafanaAdmin,
    provisioning: await provisioningFolder(dir, readOnly),
    env,
  });
}

/** Brings dashboards and alert rules into the Grafana that has started at `url`. @throws OperatorError */
export async function fillGrafana(
  { options: { dir, readOnly }, secrets, env }: DashboardsPlace,
  url: string,
  note: (text: string) => void,
): Promise<void> {
  await bringContent({
    url,
    password: secrets.grafanaAdmin,
    content: readOnly ? 'read-only' : 'editable',
    root: REPO_ROOT,
    alertingFolder: alertingFolder(dir),
    memoryFile: path.join(dir, 'grafana', 'rastreio-content.json'),
    env,
    signIn: `GRAFANA_PASSWORD is grafanaAdmin in ${path.join(dir, 'secrets.json')}`,
    note,
  });
}
