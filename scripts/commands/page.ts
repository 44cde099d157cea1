import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command, Option } from 'commander';
import { allCommands } from '../../cli/src/program';
import { formatMarkdown } from '../markdown';

const ROOT = path.resolve(__dirname, '../..');

/** Where the page is. */
export const PAGE = path.join(ROOT, 'docs', 'commands.md');

const HEAD = `# Commands

\`npx rastreio COMMAND\` in a checkout, \`docker compose run --rm ops rastreio COMMAND\` with containers; \`--help\` after each
tells its options. The npm scripts are short names.

- **Where they work.** An option (\`--database-url\`, \`--brokers\`, \`--url\`) wins over the environment, the environment over the stack that
  \`npm start\` runs in \`.stack\` (another folder: \`--stack\` or \`RASTREIO_STACK_DIR\`); there each command takes the role that it needs. Which
  database it is, is said on stderr, without the password. Where there is none, the exit code is 2.
- **What they print.** The last line of stdout is one JSON object; all else is on stderr. \`--json\` leaves only that object, and errors.
- **Completion.** \`source <(npx rastreio completion bash)\` (zsh: the same with \`zsh\`; fish: \`npx rastreio completion fish | source\`), with
  \`node_modules/.bin\` of the checkout on \`PATH\`.

## Often used

\`\`\`sh
npm run simulate -- --scenario original                    # the original's three events
npm run simulate -- --count 10000 --rate 500 --faults dup=.01,late=.02,malformed=.005
npm run simulate -- --parcels 2000 --incident frozen_hub:hub=Recife --ground-truth truth.ndjson
npm run verify -- truth.ndjson --ignore-others         # does the database say what was sent?
npm run import -- FILE.csv                             # our tables or the original's
npm run import -- FILE.csv --to kafka                  # through the pipeline
npm run dlq -- list --summary                          # rejected messages, and their way back: operations.md
npm run db:status                                      # migrations, hypertables, licence
npm run db:verify                                      # do all figures equal what the events say?
npm run db:rebuild                                     # corrects them while consumers go on
npm run db:retain -- --older-than '400 days' --dry-run # old events go, figures stay
npm run pull                                           # from an API to poll, see ingestion.md
npm run test:full                                      # the long runs of which npm cit has a short form
npm run smoke                                          # start, send, compare, look, stop
npm run chaos -- --seed 1                              # kills, outages and zombies under load
npm run e2e:grafana -- --url http://localhost:3000     # edit, save, reload, pull in a real Grafana (GRAFANA_PASSWORD) and a browser
npm run bench -- consumer                              # or freshness, ingest, simulate, kpis, backtest
\`\`\`

## All of them

(Made by \`npm run docs:write\` from the program itself.)
`;

/** docs/commands.md as the program is now. */
export async function commandsPage(): Promise<string> {
  const scripts = await shortNames();
  const rows = (await allCommands()).map(({ name, command }) =>
    [
      `\`${usage(name, command)}\``,
      shortName(name, scripts),
      capitals(command.description()),
      variables(command.options),
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  const table = ['Command | Short name | What it does | Variables', '--- | --- | --- | ---', ...rows];
  const text = `${HEAD}\n${table.map((row) => `| ${row} |`).join('\n')}\n`;
  return formatMarkdown(text);
}

function usage(name: string, { registeredArguments }: Command): string {
  const args = registeredArguments.map((argument) => {
    const text = `${argument.name().toUpperCase()}${argument.variadic ? '...' : ''}`;
    return argument.required ? text : `[${text}]`;
  });
  return [name, ...args].join(' ');
}

function variables(options: readonly Option[]): string {
  return options
    .flatMap(({ envVar }) =>
      envVar === undefined || envVar === 'RASTREIO_STACK_DIR' ? [] : [`\`${envVar}\``],
    )
    .join(' ');
}

/** Its own, or that of its group. */
function shortName(name: string, scripts: ReadonlyMap<string, string>): string {
  const [group = '', ...rest] = name.split(' ');
  const script = scripts.get(name);
  if (script !== undefined) return `\`npm run ${script}\``;
  const ofGroup = scripts.get(group);
  return ofGroup === undefined ? '' : `\`npm run ${ofGroup} -- ${rest.join(' ')}\``;
}

/** npm scripts that are `rastreio COMMAND`, by command. */
async function shortNames(): Promise<ReadonlyMap<string, string>> {
  const { scripts } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return new Map(
    Object.entries(scripts).flatMap(([script, text]) => {
      const [, command] = /^(?:rastreio|node cli\/bin\/rastreio\.mjs) (.+)$/.exec(text) ?? [];
      return command === undefined ? [] : [[command, script] as const];
    }),
  );
}

function capitals(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
