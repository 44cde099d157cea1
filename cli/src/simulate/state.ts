import { readFile } from 'node:fs/promises';
import { EXIT, OperatorError, replaceFile } from '@rastreio/runtime';
import { z } from 'zod';

/** Changes whenever the same seed gives another world, which a file of an older one must not go on with. */
const WORLD_VERSION = 3;

const stateSchema = z.object({
  world: z.int().default(1),
  seed: z.int(),
  rate: z.number(),
  startMs: z.number(),
  sentUntilMs: z.number(),
});

/** How far a live simulation has come, so that it goes on where it stopped instead of starting another world. */
export type SimulatorState = Omit<z.infer<typeof stateSchema>, 'world'>;

/** A state, or the instant until which a world of an older version was sent. */
export type KnownState =
  | { readonly kind: 'known'; readonly state: SimulatorState }
  | { readonly kind: 'outdated'; readonly sentUntilMs: number };

/** The state kept in a file, undefined if there is none yet. @throws OperatorError if the file is not one of ours */
export async function readState(file: string): Promise<KnownState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { world, ...state } = stateSchema.parse(JSON.parse(text));
    return world === WORLD_VERSION
      ? { kind: 'known', state }
      : { kind: 'outdated', sentUntilMs: state.sentUntilMs };
  } catch (error) {
    throw new OperatorError(`${file} is no simulator state; delete it to start a new world`, EXIT.config, {
      cause: error,
    });
  }
}

/** Keeps the state; a kill never leaves half of it. */
function writeState(file: string, state: SimulatorState): Promise<void> {
  return replaceFile(file, `${JSON.stringify({ world: WORLD_VERSION, ...state })}\n`);
}

export interface StateKeeper {
  /** Remembers that everything due until this instant was sent. */
  remember(sentUntilMs: number): void;
  /** Settles when what was remembered is on disk. @throws what the file system says */
  settle(): Promise<void>;
}

/** Keeps the state file at most one write behind, without holding the sender up. */
export function keepState(file: string, world: Omit<SimulatorState, 'sentUntilMs'>): StateKeeper {
  let writing: Promise<void> | undefined;
  let wanted: number | undefined;
  let failure: unknown;
  const write = async () => {
    try {
      for (let saved: number | undefined; wanted !== undefined && saved !== wanted;) {
        saved = wanted;
        await writeState(file, { ...world, sentUntilMs: saved });
      }
    } catch (error) {
      failure ??= error;
    }
    writing = undefined;
  };
  return {
    remember(sentUntilMs) {
      wanted = sentUntilMs;
      writing ??= write();
    },
    async settle() {
      await writing;
      if (failure !== undefined) throw failure as Error;
    },
  };
}
