import path from 'node:path';
import { EXIT, numberAbove, OperatorError, parseDuration, port, refuseSwallowed } from '@rastreio/runtime';
import { Command, CommanderError, Option } from 'commander';
import { PROVIDERS, type ProviderName } from './database';
import { REPO_ROOT } from './paths';

/** The ports of a stack, by what listens on them; also the names of the `--port-*` options. */
export interface Ports {
  readonly database: number;
  readonly kafka: number;
  readonly kafkaInternal: number;
  readonly kafkaController: number;
  readonly http: number;
  readonly metrics: number;
  readonly httpMetrics: number;
  readonly dashboards: number;
  readonly prometheus: number;
  readonly notices: number;
}

export const DEFAULT_PORTS: Ports = {
  database: 5434,
  kafka: 9094,
  kafkaInternal: 9092,
  kafkaController: 9093,
  http: 8080,
  metrics: 9101,
  httpMetrics: 9102,
  dashboards: 3000,
  prometheus: 9090,
  notices: 8090,
};

/** The option that changes a port. */
export function portOption(name: keyof Ports): string {
  return `--port-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
}

export interface StackOptions {
  /** Holds data, logs and secrets. */
  readonly dir: string;
  readonly ports: Ports;
  readonly database: ProviderName;
  readonly databaseUrl?: string | undefined;
  readonly grafanaHome?: string | undefined;
  /** The preview even where a Grafana is or can be fetched. */
  readonly preview: boolean;
  /** Grafana loads dashboards and alert rules from their files, and nobody can change them on the screen. */
  readonly readOnly: boolean;
  /** Nobody sees a dashboard of Grafana without signing in. */
  readonly signIn: boolean;
  readonly simulator: boolean;
  readonly backfill: string;
  readonly rate: number;
}

export interface CliOptions extends StackOptions {
  readonly reset: boolean;
}

/** Reads the command line of `npm start`. @throws CommanderError after printing help or what is wrong */
export function parseOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): CliOptions {
  const program = new Command('npm start --')
    .description(
      'Start Kafka, a database, the services, a simulator and the dashboards on this machine, without Docker. Ctrl-C stops all of it.',
    )
    .exitOverride()
    .allowExcessArguments(false)
    .option('--dir <folder>', 'data, logs and passwords of this stack', path.join(REPO_ROOT, '.stack'))
    .option('--reset', 'delete the data of this stack first', false)
    .option('--no-simulator', 'start without simulated events')
    .option('--backfill <time>', 'history that the simulator sends first (2h, 14d)', durationText, '14d')
    .option('--rate <n>', 'simulated events per second after that', numberAbove(0, 10_000), 0.5)
    .addOption(
      new Option('--database <provider>', 'which database server to start')
        .choices(PROVIDERS)
        .default('auto'),
    )
    .option('--database-url <url>', 'use this PostgreSQL server (as a superuser) instead of starting one')
    .option(
      '--grafana-home <folder>',
      'use this Grafana instead of the downloaded one (also: GRAFANA_HOME)',
      env.GRAFANA_HOME,
    )
    .option(
      '--preview',
      'show the dashboards without Grafana: nothing is downloaded, no editing, no alerts',
      false,
    )
    .option(
      '--read-only',
      'let Grafana load dashboards and alert rules from their files, so that nobody changes them on the screen',
      false,
    )
    .option(
      '--sign-in',
      'show Grafana’s dashboards only to who signs in (also: GRAFANA_ANONYMOUS=false)',
      env.GRAFANA_ANONYMOUS === 'false',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 stopped by you, 1 failed, 2 usage, 78 something must be installed or changed first.',
    );
  addPortOptions(program);
  refuseSwallowed(program, env);
  program.parse(argv, { from: 'user' });
  const given = program.opts<Omit<CliOptions, 'ports'>>();
  return { ...given, dir: path.resolve(given.dir), ports: portsOf(program) };
}

/** Adds an option for each port. */
export function addPortOptions(command: Command): void {
  for (const name of Object.keys(DEFAULT_PORTS) as (keyof Ports)[])
    command.option(`${portOption(name)} <port>`, PORT_USES[name], port, DEFAULT_PORTS[name]);
}

/** The ports that a command line with these options asks for. */
export function portsOf(command: Command): Ports {
  const given = command.opts<Record<string, number>>();
  const usual: readonly (readonly [string, number])[] = Object.entries(DEFAULT_PORTS);
  const asked = usual.map(
    ([name, own]) => [name, given[`port${name[0]?.toUpperCase()}${name.slice(1)}`] ?? own] as const,
  );
  return Object.fromEntries(asked) as unknown as Ports;
}

/** A duration as it was written, since the simulator reads it itself. */
function durationText(text: string): string {
  parseDuration(text);
  return text;
}

/** The exit code of a command line that could not be read. */
export function usageExitCode(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? EXIT.done : EXIT.usage;
}

const PORT_USES: Readonly<Record<keyof Ports, string>> = {
  database: 'port of PostgreSQL',
  kafka: 'port of Kafka for you',
  kafkaInternal: 'port of Kafka’s INTERNAL listener',
  kafkaController: 'port of Kafka’s controller',
  http: 'port of the HTTP source',
  metrics: 'port of the consumer’s metrics',
  httpMetrics: 'port of the HTTP source’s metrics',
  dashboards: 'port of Grafana or the preview',
  prometheus: 'port of Prometheus; another one is taken where it is not free',
  notices: 'port of the page of alerts',
};

/** @throws OperatorError (78) when a folder of another kind would be deleted by `--reset` */
export function assertResettable(dir: string, entries: readonly string[]): void {
  const ours = new Set([
    'database',
    'kafka',
    'logs',
    'prazos.csv',
    'run',
    'running.json',
    'secrets.json',
    'avisos.jsonl',
    'avisos.jsonl.1',
    'simulator.json',
    'superuser-password',
    'grafana',
    'grafana-plugins',
    'grafana-provisioning',
    'prometheus',
    'vendor',
    'lock',
  ]);
  const foreign = entries.filter((entry) => !ours.has(entry));
  if (foreign.length > 0)
    throw new OperatorError(
      `--reset: ${dir} also holds ${foreign.slice(0, 3).join(', ')}; delete it yourself if you mean to`,
      EXIT.config,
    );
}
