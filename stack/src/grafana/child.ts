import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ChildOptions } from '../child';
import { REPO_ROOT } from '../paths';
import type { Grafana } from './find';

/** As plugin.json has it. */
export const PLUGIN_ID = 'rastreio-tracking-panel';

/** How to run a real Grafana with this repository's data sources and plugin, on loopback and without phoning home. */
export async function grafanaChild(
  { home, binary }: Grafana,
  {
    dir,
    port,
    adminPassword,
    signIn,
    provisioning,
    env,
  }: {
    dir: string;
    port: number;
    adminPassword: string;
    /** Else everybody who reaches it, on this machine only, is a viewer. */
    signIn: boolean;
    provisioning: string;
    env: Readonly<Record<string, string>>;
  },
): Promise<ChildOptions> {
  const plugins = path.join(dir, 'grafana-plugins');
  await rm(plugins, { recursive: true, force: true });
  await mkdir(plugins, { recursive: true });
  await cp(path.join(REPO_ROOT, 'plugins/tracking-panel/dist'), path.join(plugins, PLUGIN_ID), {
    recursive: true,
  });
  return {
    name: 'grafana',
    command: binary,
    args: ['server', '--homepath', home],
    cwd: home,
    dir,
    env: {
      ...env,
      // Read by waitUntilLoaded.
      GF_LOG_LEVEL: 'info',
      GF_PATHS_PROVISIONING: provisioning,
      GF_PATHS_DATA: path.join(dir, 'grafana'),
      GF_PATHS_LOGS: path.join(dir, 'logs', 'grafana'),
      GF_PATHS_PLUGINS: plugins,
      GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: PLUGIN_ID,
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_SERVER_HTTP_PORT: String(port),
      GF_SECURITY_ADMIN_PASSWORD: adminPassword,
      GF_AUTH_ANONYMOUS_ENABLED: String(!signIn),
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      // The dashboards are in Portuguese; whoever signs in may choose another language for the rest.
      GF_USERS_DEFAULT_LANGUAGE: 'pt-BR',
      GF_DASHBOARDS_MIN_REFRESH_INTERVAL: '1s',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_NEWS_NEWS_FEED_ENABLED: 'false',
    },
  };
}
