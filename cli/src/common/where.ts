import { kafkaConnection, kafkaSchema, NO_SECURITY, type KafkaConnection } from '@rastreio/kafka';
import { EXIT, loadConfig, OperatorError, redact } from '@rastreio/runtime';
import { DEFAULT_STACK_DIR, readRunning, type RunningStack } from '@rastreio/stack/running';
import type { PlaceOptions } from './options';
import { say } from './output';

/** As whom a command works on the database; see docs/operations.md for what each may do. */
export type Role = Parameters<RunningStack['databaseUrlAs']>[0];

/**
 * The database to work on: what the option or DATABASE_URL says, else that of the running stack, as the role. Tells which on stderr.
 *
 * @throws OperatorError (usage) when there is none
 */
export async function findDatabase(options: PlaceOptions, role: Role): Promise<string> {
  if (isGiven(options.databaseUrl)) return told('database', addressOf(options.databaseUrl));
  const stack = await findStack(options);
  if (stack === null) throw nothingRuns('--database-url or set DATABASE_URL', options);
  return told('database', stack.databaseUrlAs(role), stack);
}

/**
 * The brokers to use, and how to get in: what the option or KAFKA_BROKERS says, else the brokers of the running stack, else where they
 * usually are.
 *
 * @throws OperatorError (exit code 78) that lists wrong settings
 */
export async function findKafka(options: PlaceOptions): Promise<KafkaConnection> {
  return kafkaConnection(loadConfig(kafkaSchema, await findKafkaSettings(options)));
}

/** The same as environment variables, for a program that reads them itself. */
export async function findKafkaSettings(
  options: PlaceOptions,
): Promise<Readonly<Record<string, string | undefined>>> {
  if (isGiven(options.brokers)) return { ...process.env, KAFKA_BROKERS: options.brokers };
  const stack = await findStack(options);
  if (stack === null) return process.env;
  // Settings of the environment are for another Kafka.
  return { ...process.env, ...NO_SECURITY, KAFKA_BROKERS: told('Kafka', stack.brokers, stack) };
}

/** The stack that runs in the folder of `--stack`, in this checkout's unless given; null where none does. */
export function findStack({ stack }: PlaceOptions): Promise<RunningStack | null> {
  return readRunning(isGiven(stack) ? stack : DEFAULT_STACK_DIR);
}

/** Says what to give where no stack runs. */
export function nothingRuns(what: string, { stack }: PlaceOptions): OperatorError {
  const dir = isGiven(stack) ? stack : DEFAULT_STACK_DIR;
  return new OperatorError(
    `Give ${what}: no stack runs in ${dir} (npm start would start one, --stack names another folder)`,
    EXIT.usage,
  );
}

/** @throws OperatorError (usage) without the text: where it is no address, nobody can say what of it is secret */
function addressOf(databaseUrl: string): string {
  if (/^postgres(ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl)) return databaseUrl;
  throw new OperatorError(
    'What --database-url or DATABASE_URL says is no address of a PostgreSQL; use postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with odd characters of the password percent-encoded (/ is %2F, @ is %40)',
    EXIT.usage,
  );
}

/** Tells what is used, without its password, and where it was found. */
export function told(what: string, url: string, stack?: RunningStack): string {
  say(`${what}: ${redact(url)}${stack === undefined ? '' : `, of the stack in ${stack.dir}`}`);
  return url;
}

/** An empty variable counts as unset, as compose files produce them. */
export function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
