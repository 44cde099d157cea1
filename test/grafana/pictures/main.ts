import path from 'node:path';
import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import { readTarget, type Target } from '@rastreio/grafana';
import { runProgram } from '@rastreio/runtime';
import { until } from '@rastreio/testing/until';
import { Command } from 'commander';
import { chromium } from 'playwright-core';
import { signIn } from '../signIn';
import { Camera, WINDOW } from './camera';
import { changeLimits } from './limits';
import { newestLane } from './notices';
import { muteLane } from './policy';
import { makeRule, RULE } from './rule';
import { silenceLane } from './silence';
import { remember } from './undo';

const TIMEOUT_MS = 90_000;

interface Options {
  readonly url: string;
  readonly notices: string;
  readonly databaseUrl: string;
  readonly out: string;
}

const program = new Command('npm run alerts:pictures --')
  .description(
    'The pictures of docs/alerts-by-hand.md: does in a browser, in a Grafana of a running stack, what that page says, and takes back what it ' +
      'did. A rule fires in between, so it takes some four minutes',
  )
  .exitOverride()
  .requiredOption('--url <url>', 'Grafana, filled by grafana:apply (or GRAFANA_URL)', process.env.GRAFANA_URL)
  .requiredOption('--notices <url>', 'its page of notices, such as http://localhost:8090')
  .requiredOption(
    '--database-url <url>',
    'its database, as a role that may change limits (or DATABASE_URL)',
    process.env.DATABASE_URL,
  )
  .option('--out <folder>', 'where the pictures go', path.resolve(__dirname, '../../../docs/images'))
  .addHelpText(
    'after',
    '\nSign in as for grafana:apply (GRAFANA_USER, GRAFANA_PASSWORD). Exit codes: 0 all pictures are made, 1 not, 2 usage, 78 a setting is missing.',
  )
  .action(async (options: Options) => {
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    const target = readTarget(options.url);
    const executablePath = await ensureChromium({ info: say });
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
    const camera = new Camera(options.out, say);
    try {
      const page = await signIn({ browser, target }, { viewport: WINDOW, timezoneId: 'America/Sao_Paulo' });
      page.setDefaultTimeout(TIMEOUT_MS);
      // The menu would take a third of each picture.
      await page.addInitScript({ content: "localStorage.setItem('grafana.navigation.docked', 'false')" });
      const undo = await remember(page.context().request, target.url);
      try {
        await gestures(page, target, options, camera, say);
      } finally {
        await undo();
      }
    } finally {
      await browser.close();
    }
    process.stdout.write(`${JSON.stringify({ command: 'alerts:pictures', ok: true, made: camera.made })}\n`);
  });

async function gestures(
  page: Awaited<ReturnType<typeof signIn>>,
  { url }: Target,
  { notices, databaseUrl }: Options,
  camera: Camera,
  say: (text: string) => void,
): Promise<void> {
  const uid = await makeRule(page, url, camera);
  say(`rule ${uid} made; waiting for its notice`);
  let lane: string | undefined;
  await until(`a notice of ${RULE.title} on ${notices}`, async () => {
    lane = await newestLane(notices, uid);
    return lane !== undefined;
  });
  await silenceLane(page, notices, camera);
  await muteLane(page, url, lane!, camera);
  await changeLimits(page, { url, databaseUrl, lane: lane!, camera });
}

void runProgram(program);
