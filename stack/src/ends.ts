import { EXIT } from '@rastreio/runtime';
import { describeExit, type Child } from './child';

/** Another start would end the same way: it says that a person must act. */
export const HOPELESS: readonly string[] = [describeExit(EXIT.config, null), describeExit(EXIT.usage, null)];

/** How a virtual machine ends that was asked to: 128 and the signal's number. */
export const EXITED_BY_SIGTERM = describeExit(128 + 15, null);

/** What to tell of a part that has ended for good: how, what to do, and the last lines of its last run. */
export function describeEnd(
  { name, logFile, tail }: Pick<Child, 'name' | 'logFile' | 'tail'>,
  how: string,
): string {
  const lines = tail();
  const end = lines === '' ? `${logFile} says nothing of this run` : `The end of ${logFile}:\n${lines}`;
  return `${name} ended with ${how}: ${whatToDo(how)}. ${end}`;
}

/** What to do about an end, in one clause. */
export function whatToDo(how: string): string {
  if (HOPELESS.includes(how)) return 'correct what its log says, then start again';
  if (how === describeExit(EXIT.stalled, null))
    return 'it stood still, which its log tells: "A consumer that stands still" in docs/operations.md';
  if (how === 'SIGKILL')
    return 'somebody killed it, or the system did for want of memory (npm run doctor, RD013)';
  return 'npm run doctor looks for the cause; its log may name it';
}
