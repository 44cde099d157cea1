import { Command } from 'commander';
import { jsonOption } from './common/options';
import { beQuiet } from './common/output';
import { addAsk, addCompletion, ASK } from './completion';

/** A command or group of commands at the top. */
interface Entry {
  readonly description: string;
  /** Gives what adds its arguments, options, action or subcommands: only what is asked for is loaded. */
  readonly load: () => Promise<(command: Command) => void>;
  /** It has no result of its own: it is a service, prints a script, or passes on another program's. */
  readonly withoutResult?: true;
}

const ENTRIES: Readonly<Record<string, Entry>> = {
  doctor: {
    description:
      'look at this machine, this checkout and the stack that runs for what would go wrong; changes nothing',
    load: async () => (await import('./doctor.ts')).addDoctor,
  },
  db: {
    description: 'the schema of the database, and whether its figures are right',
    load: async () => (await import('./db/index.ts')).addDb,
  },
  dlq: {
    description: 'dead letters: messages that were rejected (table eventos_rejeitados), and their way back',
    load: async () => (await import('./dlq/index.ts')).addDlq,
  },
  import: {
    description: 'load a CSV of events, into a database or through Kafka',
    load: async () => (await import('./import/index.ts')).addImport,
  },
  simulate: {
    description: 'send simulated tracking events, to Kafka unless told otherwise',
    load: async () => (await import('./simulate/index.ts')).addSimulate,
  },
  parcel: {
    description: 'close parcels of which nothing is heard any more, and open them again',
    load: async () => (await import('./parcel/index.ts')).addParcel,
  },
  verify: {
    description: 'compare a database with the ground truth of a simulation (simulate --ground-truth FILE)',
    load: async () => (await import('./verify/index.ts')).addVerify,
  },
  http: {
    description: 'take events in at POST /eventos and publish them to Kafka',
    load: async () => (await import('./sources.ts')).addHttp,
    withoutResult: true,
  },
  pull: {
    description: 'read events from a carrier that only offers an endpoint to poll, and publish them to Kafka',
    load: async () => (await import('./sources.ts')).addPull,
    withoutResult: true,
  },
  source: {
    description: 'source profiles: how the payloads of carriers become events',
    load: async () => (await import('./source/index.ts')).addSource,
  },
  status: {
    description: 'statuses and carriers’ words for them: which are unknown, and what they mean',
    load: async () => (await import('./status/index.ts')).addStatusCommands,
  },
  key: {
    description: 'make an API key for a carrier: the key to send to it, and the entry for API_KEYS_FILE',
    load: async () => (await import('./key.ts')).addKey,
  },
  places: {
    description: 'places: which spellings are one, and in which region it is',
    load: async () => (await import('./places/index.ts')).addPlaces,
  },
  topics: {
    description: 'make the events topic and the dead-letter topic where they are missing',
    load: async () => (await import('./topics.ts')).addTopics,
  },
  group: {
    description: 'how far the consumers have read, and past what nobody can read',
    load: async () => (await import('./group.ts')).addGroup,
  },
  grafana: {
    description: 'dashboards and alerting of this repository in a running Grafana',
    load: async () => (await import('./grafana/index.ts')).addGrafanaCommands,
  },
  alerts: {
    description: 'alert rules, tried before they are switched on',
    load: async () => (await import('./alerts/index.ts')).addAlerts,
  },
  notices: {
    description: 'receive Grafana’s alerts at POST /avisos and show them on a page',
    load: async () => (await import('./notices/index.ts')).addNotices,
    withoutResult: true,
  },
  bench: {
    description: 'measure and compare, in a checkout',
    load: async () => (await import('./bench.ts')).addBench,
    withoutResult: true,
  },
  completion: {
    description: 'print the completion script of a shell',
    load: () => Promise.resolve(addCompletion),
    withoutResult: true,
  },
};

const HELP = `
Where no address is given, commands work on the stack that npm start runs. The last line of stdout is one JSON object; --json leaves
only that. Exit codes: 0 done, 1 something is wrong or failed, 2 usage, 78 a person must correct a setting.
Completion of commands, options and choices: rastreio completion --help.`;

/** The whole program with the commands that these arguments ask for, and the names of all others. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('rastreio').description('Rastreio: parcel tracking').exitOverride();
  program.addHelpText('after', HELP);
  const asked = askedFor(args);
  for (const [name, { description, load, withoutResult }] of Object.entries(ENTRIES)) {
    const command = program.command(name).description(description);
    if (asked !== name) continue;
    (await load())(command);
    if (withoutResult !== true) for (const leaf of leavesOf(command)) leaf.command.addOption(jsonOption());
  }
  program.hook('preAction', (_program, command) => {
    if (command.opts<{ json?: boolean }>().json === true) beQuiet();
  });
  addAsk(program);
  return program;
}

/** The name of the command at the top that a command line means. */
function askedFor(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((word) => !word.startsWith('-'));
  return first === ASK || first === 'help' ? second : first;
}

/** A command that does something, with its name after `rastreio`. */
export interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** All of them. */
export async function allCommands(): Promise<readonly NamedCommand[]> {
  const found: NamedCommand[] = [];
  for (const name of Object.keys(ENTRIES)) {
    const { commands } = await createProgram([name]);
    found.push(...commands.filter((command) => command.name() === name).flatMap((top) => leavesOf(top)));
  }
  return found;
}

function leavesOf(command: Command, name = command.name()): readonly NamedCommand[] {
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((sub) => leavesOf(sub, `${name} ${sub.name()}`));
}
