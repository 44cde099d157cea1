import path from 'node:path';
import { createLog, loadConfig, LOOPBACK_NAMES, runService } from '@rastreio/runtime';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { configSchema } from './config';
import { readDataSources } from './dataSources';
import { createQueryRunner } from './query';
import { createPreviewServer } from './server';

void runService('preview', async () => {
  const config = loadConfig(configSchema, process.env);
  const log = createLog('preview', config.LOG_LEVEL);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const sources = await readDataSources(config.RASTREIO_HOME, process.env);
  const runner = createQueryRunner(sources);
  const app = createPreviewServer({
    home: config.RASTREIO_HOME,
    dashboardDirs: config.PREVIEW_DASHBOARDS.map((folder) => path.resolve(config.RASTREIO_HOME, folder)),
    webDir: path.resolve(__dirname, '../dist/web'),
    sources,
    runner,
    metrics,
    hosts: [...LOOPBACK_NAMES, config.PREVIEW_HOST],
  });
  const url = await app.listen({ host: config.PREVIEW_HOST, port: config.PREVIEW_PORT });
  log.info({ url }, 'listening');
  return {
    async stop() {
      await app.close();
      await runner.close();
    },
  };
});
