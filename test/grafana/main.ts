import { mkdir } from 'node:fs/promises';
import { readTarget } from '@rastreio/grafana';
import { runProgram } from '@rastreio/runtime';
import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import { Command } from 'commander';
import { chromium } from 'playwright-core';
import { temporaryCheckout } from './checkout';
import { runGesture } from './gesture';
import { openWithoutLogin } from './public';

interface Options {
  readonly url: string;
  readonly dashboard: string;
  readonly fresh?: string;
  readonly screenshots?: string;
}

const program = new Command('npm run e2e:grafana --')
  .description(
    'The whole gesture in a real Grafana and a browser: apply, edit a panel and a rule on the screen, save, reload, pull, and nothing but ' +
      'the two edits is in git. Works on a copy of dashboards/ and provisioning/alerting/, and applies with --force',
  )
  .exitOverride()
  .requiredOption(
    '--url <url>',
    'a Grafana whose contents of the folder Rastreio may be replaced (or GRAFANA_URL)',
    process.env.GRAFANA_URL,
  )
  .option('--dashboard <uid>', 'the dashboard of which a panel is edited', 'prazos-e-rotas')
  .option(
    '--fresh <url>',
    'a second Grafana, without our dashboards: what was pulled is applied there and pulled again',
  )
  .option('--screenshots <folder>', 'keep what the browser showed')
  .addHelpText(
    'after',
    '\nSign in as for grafana:apply (GRAFANA_USER, GRAFANA_PASSWORD). Exit codes: 0 all as it should be, 1 something is not, 2 usage, 78 a setting is missing.',
  )
  .action(async ({ url, dashboard, fresh, screenshots }: Options) => {
    if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    const executablePath = await ensureChromium({ info: say });
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
    const checkout = await temporaryCheckout();
    try {
      const context = { browser, checkout, target: readTarget(url), screenshots, say };
      const gesture = await runGesture(
        context,
        dashboard,
        fresh === undefined ? undefined : readTarget(fresh),
      );
      const shared = await openWithoutLogin(context);
      process.stdout.write(
        `${JSON.stringify({ command: 'e2e:grafana', ok: true, ...gesture, ...shared })}\n`,
      );
    } finally {
      await browser.close();
      await checkout.remove();
    }
  });

void runProgram(program);
