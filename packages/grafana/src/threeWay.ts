/** What is remembered of a unit, as fingerprints of contents. */
export interface Remembered {
  /** What was applied last. */
  readonly applied?: string | undefined;
  /** What the apply under way writes, or wrote before it was cut off. */
  readonly next?: string | undefined;
  /** What was last brought into the files from the screen. */
  readonly pulled?: string | undefined;
}

export interface Sides {
  readonly remembered?: Remembered | undefined;
  /** Undefined where the files have no such unit. */
  readonly file?: string | undefined;
  /** Undefined where Grafana has no such unit. */
  readonly screen?: string | undefined;
}

/** Why something on the screen is left as it is. */
export type Reason =
  /** Edited on the screen, and the files did not change. */
  | 'edited'
  /** Edited on the screen, and changed in the files. */
  | 'both'
  /** Deleted on the screen. */
  | 'deleted'
  /** Was there before anything was applied, with another content. */
  | 'unknown'
  /** Removed from the files, and edited on the screen. */
  | 'removed';

export type Verdict =
  | { readonly do: 'nothing' | 'create' | 'update' | 'remove' | 'forget' }
  | { readonly do: 'keep'; readonly reason: Reason };

/**
 * What to do with one unit, from what was applied last, what the files say and what the screen has. What was edited on the screen and is
 * in no file is kept; with `force` the files win. What no apply brought and no file names belongs to somebody else.
 */
export function decide({ remembered = {}, file, screen }: Sides, force: boolean): Verdict {
  const { applied, next, pulled } = remembered;
  const known = applied !== undefined || next !== undefined;
  const keep = (reason: Reason, otherwise: 'create' | 'update' | 'remove'): Verdict =>
    force ? { do: otherwise } : { do: 'keep', reason };

  if (file === screen)
    return { do: screen === undefined && (known || pulled !== undefined) ? 'forget' : 'nothing' };
  if (file === undefined) {
    if (!known) return { do: pulled === undefined ? 'nothing' : 'forget' };
    return screen === applied || screen === next ? { do: 'remove' } : keep('removed', 'remove');
  }
  if (screen === undefined) return applied === undefined ? { do: 'create' } : keep('deleted', 'create');
  if (screen === applied || screen === next) return { do: 'update' };
  // What a pull brought into the files may go on from there; files that are as before the pull have lost it.
  if (screen === pulled && file !== applied) return { do: 'update' };
  if (applied === undefined) return keep('unknown', 'update');
  return keep(file === applied ? 'edited' : 'both', 'update');
}
