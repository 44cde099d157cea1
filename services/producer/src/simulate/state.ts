import { readFile, rename, writeFile } from 'node:fs/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { z } from 'zod';

const stateSchema = z.object({
  seed: z.int(),
  rate: z.number(),
  startMs: z.number(),
  sentUntilMs: z.number(),
});

/** How far a live simulation has come, so that it goes on where it stopped instead of starting another world. */
export type SimulatorState = z.infer<typeof stateSchema>;

/** The state kept in a file, undefined if there is none yet. @throws OperatorError if the file is not one of ours */
export async function readState(file: string): Promise<SimulatorState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new OperatorError(`${file} is no simulator state; delete it to start a new world`, EXIT.config, {
      cause: error,
    });
  }
}

/** Replaces the file in one step, so that a kill never leaves half of it. */
export async function writeState(file: string, state: SimulatorState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`);
  await rename(`${file}.new`, file);
}
