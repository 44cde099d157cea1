import type { Sides } from './threeWay';

/** What a pull does with one unit of ours. */
export type PullVerdict =
  /** The files are as the screen, or the screen has not been edited since they changed. */
  | { readonly do: 'nothing' }
  /** The screen's content goes into the files. */
  | { readonly do: 'write' }
  /** It was deleted on the screen. */
  | { readonly do: 'remove' }
  /** The files are ahead: an apply is still to come. */
  | { readonly do: 'ahead' }
  /** Edited on both sides. */
  | { readonly do: 'conflict' };

/**
 * What a pull does with a unit, from what was applied or pulled last, what the files say and what the screen has: edits of the screen go
 * into the files, changes of the files stay there. Where both were edited nothing is written over; with `force` the screen wins.
 */
export function decidePull({ remembered = {}, file, screen }: Sides, force: boolean): PullVerdict {
  const { applied, next, pulled } = remembered;
  const known = applied !== undefined || next !== undefined;
  if (file === screen) return { do: 'nothing' };
  if (screen === undefined) {
    if (!known) return { do: 'ahead' };
    return file === applied || file === pulled || force ? { do: 'remove' } : { do: 'conflict' };
  }
  if (screen === applied || screen === next) return { do: 'ahead' };
  // After a pull the files may go on; files that are as before it have lost what it brought.
  if (screen === pulled && file !== applied)
    return file === undefined && !known ? { do: 'write' } : { do: 'ahead' };
  if (file === undefined) return known && !force ? { do: 'conflict' } : { do: 'write' };
  if (!known && pulled === undefined) return { do: 'write' };
  return file === applied || file === pulled || force ? { do: 'write' } : { do: 'conflict' };
}
