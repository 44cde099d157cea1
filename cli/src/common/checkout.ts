import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { REPO_ROOT } from '@rastreio/stack/grafana';

/**
 * Ends a command where files that it needs are missing: outside of a checkout, as in the container image, or with a wrong `--root`.
 *
 * @param root the folder that was given; else the program's own
 * @throws OperatorError (exit code 2) that names the first one missing
 */
export function needFiles(files: readonly string[], root: string = REPO_ROOT): void {
  const missing = files.find((file) => !existsSync(path.join(root, file)));
  if (missing === undefined) return;
  const advice =
    root === REPO_ROOT ? 'run it in a checkout of the repository' : 'give the folder of a checkout as --root';
  throw new OperatorError(
    `This command needs ${missing}, which ${path.resolve(root)} lacks: ${advice}`,
    EXIT.usage,
  );
}
