import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { foldersOf, type Folders } from '@rastreio/grafana';

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, '../..');
const IDENTITY = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', '-c', 'core.quotePath=false'];

/** A git repository of its own with a copy of what grafana:apply and grafana:pull work on. */
export interface Checkout {
  readonly folders: Folders;
  /** The lines that differ from the last commit, with their signs: `-old`, `+new`. */
  readonly changedLines: () => Promise<readonly string[]>;
  readonly commit: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Copies dashboards/ and provisioning/alerting/ as they are now. */
export async function temporaryCheckout(): Promise<Checkout> {
  const root = await mkdtemp(path.join(tmpdir(), 'rastreio-e2e-'));
  const from = foldersOf(ROOT);
  const folders = foldersOf(root);
  await cp(from.dashboards, folders.dashboards, { recursive: true });
  await cp(from.alerting, folders.alerting, { recursive: true });
  const git = async (...args: string[]) => (await run('git', [...IDENTITY, ...args], { cwd: root })).stdout;
  const commit = async () => {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', 'state');
  };
  await git('init', '--quiet');
  await commit();
  return {
    folders,
    commit,
    async changedLines() {
      await git('add', '--all', '--intent-to-add');
      const diff = await git('diff', '--unified=0', '--no-color');
      return diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line));
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
