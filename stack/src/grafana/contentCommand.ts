import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, runCommand } from '@rastreio/runtime';
import { z } from 'zod';
import { REPO_ROOT } from '../paths';
import { bringContent } from './content';
import { CONTENTS } from './memory';

/** Settings of the containers' one-shot service; each is an environment variable. The alerting files have variables of their own. */
const configSchema = z.object({
  GRAFANA_URL: z.url().default('http://grafana:3000'),
  GRAFANA_PASSWORD: z.string().min(1),
  /** Whether Grafana's content is applied and can be edited on the screen, or is loaded by Grafana from files. */
  GRAFANA_CONTENT: z.enum(CONTENTS).default('editable'),
  /** A folder that Grafana has as provisioning/editable/alerting. */
  GRAFANA_CONTENT_DIR: z.string().min(1),
});

/** For how long a healthy Grafana is left alone: see waitUntilLoaded, which has a log to read. */
const SETTLE_MS = 5_000;

void runCommand(async () => {
  const config = loadConfig(configSchema, process.env);
  await sleep(SETTLE_MS);
  await bringContent({
    url: config.GRAFANA_URL,
    password: config.GRAFANA_PASSWORD,
    content: config.GRAFANA_CONTENT,
    root: REPO_ROOT,
    alertingFolder: config.GRAFANA_CONTENT_DIR,
    // Grafana reads only files that are named .yaml, .yml or .json.
    memoryFile: path.join(config.GRAFANA_CONTENT_DIR, 'memory'),
    env: process.env,
    signIn: 'GRAFANA_PASSWORD is GRAFANA_ADMIN_PASSWORD of .env',
    note: (text) => void process.stdout.write(`${text}\n`),
  });
});
