import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '@rastreio/runtime';
import { bringContent, CONTENTS, REPO_ROOT } from '@rastreio/stack/grafana';
import type { Command } from 'commander';
import { z } from 'zod';
import { exitCodes } from '../common/options';
import { printResult, say } from '../common/output';

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

/** Adds `fill` to the program. */
export function addFill(program: Command): void {
  program
    .command('fill')
    .description(
      'what the containers’ one-shot service does after each start: apply the files to Grafana and choose its home page',
    )
    .addHelpText(
      'after',
      `\nSettings are environment variables: GRAFANA_URL, GRAFANA_PASSWORD, GRAFANA_CONTENT, GRAFANA_CONTENT_DIR.${exitCodes('done', 'failed', 'a wrong setting or file')}`,
    )
    .action(fill);
}

async function fill(): Promise<void> {
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
    signIn: 'GRAFANA_PASSWORD is what stands in secrets/grafana_admin',
    note: say,
  });
  printResult('grafana:fill', { url: config.GRAFANA_URL, content: config.GRAFANA_CONTENT });
}
