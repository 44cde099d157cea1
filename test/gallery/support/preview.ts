import path from 'node:path';
import { Registry } from 'prom-client';
import { readDataSources } from '../../../services/preview/src/dataSources';
import { createQueryRunner } from '../../../services/preview/src/query';
import { createPreviewServer } from '../../../services/preview/src/server';

export const ROOT = path.resolve(__dirname, '../../..');

export interface RunningPreview {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface PreviewSettings {
  /** Folder with plugins/ and provisioning/. */
  readonly home: string;
  readonly dashboardDirs: readonly string[];
  /** Every SQL data source is this server. */
  readonly adminUrl: string;
  /** Folder with the built page; unset: the preview's own. */
  readonly webDir?: string;
}

/** Serves dashboards on a free port, from this process. */
export async function startPreview({
  home,
  dashboardDirs,
  adminUrl,
  webDir = path.join(ROOT, 'services/preview/dist/web'),
}: PreviewSettings): Promise<RunningPreview> {
  const { host, username, password, pathname } = new URL(adminUrl);
  const database = pathname.slice(1);
  const sources = await readDataSources(home, {
    ...{ TIMESCALE_HOST: host, TIMESCALE_DATABASE: database },
    ...{ GRAFANA_READER_USER: username, GRAFANA_READER_PASSWORD: decodeURIComponent(password) },
    ...{ LOTE_HOST: host, LOTE_DATABASE: database },
    ...{ LOTE_USER: username, LOTE_PASSWORD: decodeURIComponent(password) },
  });
  const runner = createQueryRunner(sources);
  const app = createPreviewServer({
    home,
    dashboardDirs,
    webDir,
    sources,
    runner,
    metrics: new Registry(),
    hosts: ['127.0.0.1'],
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    stop: async () => {
      await app.close();
      await runner.close();
    },
  };
}
