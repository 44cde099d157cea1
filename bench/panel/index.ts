import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import { run } from '@rastreio/stack';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { Registry } from 'prom-client';
import { createQueryRunner } from '../../services/preview/src/query';
import { createPreviewServer } from '../../services/preview/src/server';
import { cleanUpWhenInterrupted } from '../interrupt';
import { alignedTable, ROOT } from '../support';
import { measureUpdates, type Updates } from './measure';

export interface PanelOptions {
  readonly rows: number;
  readonly updates: number;
  /** Milliseconds from one refresh to the next. */
  readonly interval: number;
}

const SHAPES = ['repeated', 'series'] as const;
const TARGET_MS = 16;
const TARGET_GZIP = 60 * 1024;
const PLUGIN = 'plugins/tracking-panel';

type Figures = Readonly<Record<(typeof SHAPES)[number], Updates>>;

/**
 * Measures what a refresh costs the browser in script: the built panel in a page that holds nothing else. Grafana's own pie is no package,
 * so that it cannot stand beside it; a former version did (docs/decisions/0013-panel-against-its-former-version.md).
 */
export async function benchPanel(options: PanelOptions): Promise<Record<string, unknown>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-bench-'));
  cleanUpWhenInterrupted(dir);
  try {
    const webDir = await buildPage(dir);
    progress('building the plugin');
    await run('npm', ['run', '-s', 'build', '-w', PLUGIN], { cwd: ROOT });
    const executablePath = await ensureChromium({ info: progress });
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
    try {
      const measured = [];
      for (const shape of SHAPES)
        measured.push([shape, await measureShape(browser, webDir, shape, options)] as const);
      const figures = Object.fromEntries(measured) as Figures;
      process.stderr.write(`\n${tableOf(figures)}\n\n`);
      return report(figures);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureShape(
  browser: Browser,
  webDir: string,
  shape: (typeof SHAPES)[number],
  options: PanelOptions,
): Promise<Updates> {
  const app = createPreviewServer({
    ...{ home: ROOT, webDir, dashboardDirs: [], sources: [], hosts: ['127.0.0.1'] },
    runner: createQueryRunner([]),
    metrics: new Registry(),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const updates = await measureUpdates(browser, url, { shape, ...options });
    progress(`${shape}: median ${updates.script_ms.p50} ms, p95 ${updates.script_ms.p95} ms`);
    return updates;
  } finally {
    await app.close();
  }
}

/** The preview's fonts and boot script around a page with one panel. */
async function buildPage(dir: string): Promise<string> {
  await run('npm', ['run', '-s', 'build', '-w', 'services/preview'], { cwd: ROOT });
  const webDir = path.join(dir, 'web');
  await cp(path.join(ROOT, 'services/preview/dist/web'), webDir, { recursive: true });
  const { pageOptions } = (await import(path.join(ROOT, 'services/preview/pageOptions.mjs'))) as {
    pageOptions: object;
  };
  await build({ ...pageOptions, entryPoints: [path.join(__dirname, 'page/main.tsx')], outdir: webDir });
  return webDir;
}

function report(figures: Figures): Record<string, unknown> {
  const module = readFileSync(path.join(ROOT, PLUGIN, 'dist/module.js'));
  const gzipped = gzipSync(module).length;
  return {
    target_ms: TARGET_MS,
    target_gzip_bytes: TARGET_GZIP,
    targets_missed: [
      ...SHAPES.filter((shape) => !(figures[shape].script_ms.p95 <= TARGET_MS)),
      ...(gzipped <= TARGET_GZIP ? [] : ['module_gzip_bytes']),
    ],
    module: { module_bytes: module.length, module_gzip_bytes: gzipped },
    updates: figures,
  };
}

function tableOf(figures: Figures): string {
  const head = [
    'ms per update',
    'script p50',
    'script p95',
    'React p50',
    'style and layout p50',
    'first',
    'host p50',
  ];
  const rows = Object.entries(figures).map(
    ([shape, { script_ms, react_ms, layout_ms, first_script_ms, host_ms }]) => [
      shape,
      ...[script_ms.p50, script_ms.p95, react_ms.p50, layout_ms.p50, first_script_ms, host_ms.p50].map(
        String,
      ),
    ],
  );
  return alignedTable([head, ...rows]);
}

function progress(text: string): void {
  process.stderr.write(`panel: ${text}\n`);
}
