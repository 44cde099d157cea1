import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { EXIT, OperatorError, redactUrls } from '@rastreio/runtime';
import { portOption, type Ports, type StackOptions } from './options';
import { hasKafkaJars } from './kafka/vendor';
import { isFree } from './ports';
import { answers } from './run';

const NEEDED_BYTES = 2 * 1024 ** 3;
const OLDEST_JAVA = 17;

/** Looks for everything that would make a start fail. @throws OperatorError (78) with all of it at once */
export async function checkPrerequisites(
  { dir, ports, databaseUrl }: StackOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const found = await Promise.all([
    checkJava(env),
    checkMaven(env),
    checkDisk(dir),
    checkPorts(ports, databaseUrl !== undefined),
  ]);
  const problems = [...checkUrl(databaseUrl), ...found.flat()];
  if (problems.length > 0)
    throw new OperatorError(`Cannot start yet:\n${problems.map((p) => `  - ${p}`).join('\n')}`, EXIT.config);
}

/** Makes the stack's folder where it is missing. @throws OperatorError (78) when nothing can be kept there */
export async function makeStackFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `--dir ${dir}: ${(error as Error).message}; give a folder that you may write into`,
      EXIT.config,
    );
  }
}

function checkUrl(databaseUrl: string | undefined): string[] {
  if (databaseUrl === undefined) return [];
  const protocol = URL.canParse(databaseUrl) ? new URL(databaseUrl).protocol : '';
  return protocol === 'postgresql:' || protocol === 'postgres:'
    ? []
    : [
        `--database-url "${redactUrls(databaseUrl)}" is no address of a PostgreSQL: use postgresql://user:password@host:5432/postgres`,
      ];
}

async function checkJava(env: NodeJS.ProcessEnv): Promise<string[]> {
  const install = `install Java ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17)`;
  const output = await answers('java', ['-version'], env);
  if (output === undefined) return [`Kafka needs Java, and there is no "java" on PATH: ${install}`];
  const version = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
  return version >= OLDEST_JAVA
    ? []
    : [`Kafka needs Java ${OLDEST_JAVA}, and "java" on PATH is ${version}: ${install}`];
}

async function checkMaven(env: NodeJS.ProcessEnv): Promise<string[]> {
  if (hasKafkaJars(env)) return [];
  if ((await answers('mvn', ['--version'], env)) !== undefined) return [];
  return [
    'Kafka comes as Maven packages, and there is no "mvn" on PATH: install Maven 3 (Debian: apt-get install maven; macOS: brew install maven)',
  ];
}

async function checkDisk(dir: string): Promise<string[]> {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return [];
  return [
    `${dir} has ${(free / 1024 ** 2).toFixed(0)} MB free and needs ${NEEDED_BYTES / 1024 ** 2} MB: free some space or use --dir on another disk`,
  ];
}

async function checkPorts(ports: Ports, ownDatabase: boolean): Promise<string[]> {
  // Prometheus takes another port where its own is not free: nothing else needs to know it.
  const names = (Object.keys(ports) as (keyof Ports)[]).filter(
    (name) => name !== 'prometheus' && !(ownDatabase && name === 'database'),
  );
  const taken = await Promise.all(names.map(async (name) => ((await isFree(ports[name])) ? [] : [name])));
  return taken
    .flat()
    .map(
      (name) =>
        `port ${ports[name]} is taken: stop what listens there or use ${portOption(name)} with another one`,
    );
}
