import path from 'node:path';
import { startChild, type Child } from './child';
import { grafanaChild } from './grafana/child';
import { bringContent } from './grafana/content';
import { fetchGrafana, findGrafana, type Grafana } from './grafana/find';
import { logLength, waitUntilLoaded } from './grafana/loaded';
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

export interface Dashboards {
  readonly child: Child;
  /** What answers 200 when it is ready. */
  readonly readyUrl: string;
  /** Brings dashboards and alert rules into Grafana, once it is ready. @throws OperatorError */
  readonly fill: (note: (text: string) => void, signal: AbortSignal) => Promise<void>;
}

/** Starts Grafana, or the preview in its stead, which reads the files itself. */
export async function startDashboards(
  grafana: Grafana | undefined,
  { options, secrets, env }: DashboardsPlace,
): Promise<Dashboards> {
  const { dir, ports, readOnly, signIn } = options;
  const url = `http://localhost:${ports.dashboards}`;
  if (grafana === undefined) {
    const settings = { ...env, PREVIEW_PORT: String(ports.dashboards) };
    const child = startChild(serviceChild('preview', 'preview', [], dir, settings));
    return { child, readyUrl: `${url}/readyz`, fill: () => Promise.resolve() };
  }
  const logged = await logLength(path.join(dir, 'logs', 'grafana.log'));
  const child = startChild(
    await grafanaChild(grafana, {
      dir,
      port: ports.dashboards,
      adminPassword: secrets.grafanaAdmin,
      signIn,
      provisioning: await provisioningFolder(dir, readOnly),
      env,
    }),
  );
  const fill = async (note: (text: string) => void, signal: AbortSignal) => {
    await waitUntilLoaded(child, logged);
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
      signal,
    });
  };
  return { child, readyUrl: `${url}/api/health`, fill };
}
