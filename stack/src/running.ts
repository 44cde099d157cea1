import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asRole, ROLES } from '@rastreio/database';
import { z } from 'zod';
import { readJsonFile } from './jsonFile';
import { REPO_ROOT } from './paths';
import { isStill, ownIdentity } from './processTable';
import { readSecrets } from './secrets';

/** What a running stack says about itself in its folder; passwords are in secrets.json. */
const schema = z.object({
  pid: z.int(),
  startTime: z.string().optional(),
  /** Our database, without user and password. */
  databaseUrl: z.string(),
  brokers: z.string(),
  /** Null beside the preview. */
  grafanaUrl: z.string().nullable(),
  /** What provisioning/alerting interpolates. */
  alertingEnv: z.record(z.string(), z.string()),
  /** What listens where; a note of an earlier version does not say. */
  ports: z.record(z.string(), z.int()).optional(),
});

export type Addresses = Omit<z.infer<typeof schema>, 'pid' | 'startTime'>;

/** A stack that runs, and how to get into it. */
export interface RunningStack {
  readonly dir: string;
  readonly brokers: string;
  /** By what listens there; undefined where a stack of an earlier version runs. */
  readonly ports: Readonly<Record<string, number>> | undefined;
  readonly databaseUrlAs: (role: Exclude<keyof typeof ROLES, 'alerts'>) => string;
  readonly grafana: {
    readonly url: string;
    readonly password: string;
    readonly env: Record<string, string>;
  } | null;
}

/** The folder of the stack of this checkout. */
export const DEFAULT_STACK_DIR = path.join(REPO_ROOT, '.stack');

/** Writes what runs into the stack's folder. The result takes it away again. */
export async function noteRunning(dir: string, addresses: Addresses): Promise<() => Promise<void>> {
  const file = fileIn(dir);
  const text = JSON.stringify({ ...ownIdentity(), ...addresses }, null, 2);
  // An alert's address may hold a secret.
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** The stack that runs in a folder; null where none does, or where one was killed and its note was left behind. */
export async function readRunning(dir: string): Promise<RunningStack | null> {
  const note = await readJsonFile(fileIn(dir), schema, 'delete it, or start the stack again');
  if (note === undefined || !isStill(note)) return null;
  const { databaseUrl, brokers, grafanaUrl, alertingEnv, ports } = note;
  const secrets = await readSecrets(dir);
  if (secrets === undefined) return null;
  return {
    dir,
    brokers,
    ports,
    databaseUrlAs: (role) => asRole(databaseUrl, ROLES[role], secrets[role]),
    grafana:
      grafanaUrl === null ? null : { url: grafanaUrl, password: secrets.grafanaAdmin, env: alertingEnv },
  };
}

/** Whether a folder has such a note, be it of a stack that was killed. */
export function isNoted(dir: string): boolean {
  return existsSync(fileIn(dir));
}

function fileIn(dir: string): string {
  return path.join(dir, 'running.json');
}
