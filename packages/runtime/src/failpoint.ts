import { EXIT, OperatorError } from './exitCodes';

/** Kills the process with SIGKILL if it is armed for this point; does nothing else. */
export type Failpoint<Name extends string> = (name: Name) => void;

/**
 * A way for fault tests to end a process exactly where it hurts, as kill -9 would.
 *
 * @param armed `name` or `name@n`: the process ends when it gets to that point for the n-th time (default the first);
 *   undefined: never
 * @throws OperatorError (exit code 78) when `armed` names no known point
 */
export function createFailpoint<Name extends string>(
  names: readonly Name[],
  armed: string | undefined,
): Failpoint<Name> {
  if (armed === undefined) return () => undefined;
  const [, name = '', times = '1'] = /^(\w+)(?:@([1-9]\d*))?$/.exec(armed) ?? [];
  if (!(names as readonly string[]).includes(name))
    throw new OperatorError(
      `FAILPOINT=${armed} names no failpoint; use one of ${names.join(', ')}, with @n for its n-th time, or unset it.`,
      EXIT.config,
    );
  let left = Number(times);
  return (reached) => {
    if (reached === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
