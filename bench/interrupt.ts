import { rmSync } from 'node:fs';
import type { Child } from '@rastreio/stack';

const running = new Set<() => void>();

/** Has a process end with us when a person or a timer ends the benchmark: processes of the stack are in sessions of their own. */
export function endWithUs<T extends Pick<Child, 'kill' | 'ended'>>(child: T): T {
  const kill = () => child.kill();
  running.add(kill);
  void child.ended.then(() => running.delete(kill));
  return child;
}

/** Kills what runs and deletes `dir` at SIGINT, SIGTERM or SIGHUP. */
export function cleanUpWhenInterrupted(dir: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const kill of running) kill();
      // A killed server may still be writing its last file.
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      process.exit(1);
    });
  }
}
