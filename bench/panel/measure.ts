import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { percentile } from '../kpis/latency';

interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Milliseconds per update. */
export interface Updates {
  /** Processor time of all JavaScript of the page from the new data to rest, by Chromium's own account (`ScriptDuration`). */
  readonly script_ms: Spread;
  /** Of it, React's render and commit, by the clock. */
  readonly react_ms: Spread;
  /** Style and layout that followed, which are no script. */
  readonly layout_ms: Spread;
  /** The first drawing. */
  readonly first_script_ms: number;
  /** What Grafana does before the panel gets the data; not in the other figures. */
  readonly host_ms: Spread;
  /** How many were counted. */
  readonly updates: number;
}

interface UpdateOptions {
  readonly shape: string;
  readonly rows: number;
  readonly updates: number;
  readonly interval: number;
}

/** Updates that are not counted: code is compiled, caches fill. */
const WARM_UP = 5;
const TIMEOUT_MS = 120_000;
/** Where updates are that slow, fewer must do. */
const MOST_MS = 60_000;

/** Draws, then refreshes at the interval, and takes the figures of each refresh. */
export async function measureUpdates(
  browser: Browser,
  url: string,
  { shape, rows, updates, interval }: UpdateOptions,
): Promise<Updates> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(url);
  await page.waitForFunction('"bench" in window');
  const session = await page.context().newCDPSession(page);
  // Processor time, which others on the machine do not lengthen as they do the clock's.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken: { script: number; react: number; layout: number; host: number }[] = [];
  const deadline = performance.now() + MOST_MS;
  for (let update = 0; update < 1 + WARM_UP + updates; update++) {
    if (performance.now() > deadline && taken.length > 1 + WARM_UP) break;
    const startedAt = performance.now();
    const host = await page.evaluate<number>(`bench.next(${JSON.stringify(shape)}, ${rows})`);
    await session.send('HeapProfiler.collectGarbage');
    const before = await metrics(session);
    const react = await page.evaluate<number>('bench.draw()');
    const after = await metrics(session);
    const script = after.script - before.script;
    taken.push({ script, react, layout: after.layout - before.layout, host });
    await sleep(Math.max(0, interval - (performance.now() - startedAt)));
  }
  await page.close();
  const counted = taken.slice(1 + WARM_UP);
  return {
    script_ms: spread(counted.map(({ script }) => script)),
    react_ms: spread(counted.map(({ react }) => react)),
    layout_ms: spread(counted.map(({ layout }) => layout)),
    first_script_ms: rounded(taken[0]?.script ?? NaN),
    host_ms: spread(counted.map(({ host }) => host)),
    updates: counted.length,
  };
}

/** Chromium counts in seconds. */
async function metrics(session: CDPSession): Promise<{ script: number; layout: number }> {
  const answer = await session.send('Performance.getMetrics');
  const of = (wanted: string) => 1000 * (answer.metrics.find(({ name }) => name === wanted)?.value ?? NaN);
  return { script: of('ScriptDuration'), layout: of('LayoutDuration') + of('RecalcStyleDuration') };
}

function spread(values: readonly number[]): Spread {
  return { p50: rounded(percentile(values, 0.5)), p95: rounded(percentile(values, 0.95)) };
}

const rounded = (ms: number) => Number(ms.toPrecision(3));
