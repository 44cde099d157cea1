import { replaceFile } from '@rastreio/runtime';
import { z } from 'zod';
import { readJsonFile } from '../jsonFile';

export const CONTENTS = ['editable', 'read-only'] as const;
/** How dashboards and alert rules get into Grafana: through its API, so that they can be edited on the screen, or from files. */
export type Content = (typeof CONTENTS)[number];

const schema = z.object({ content: z.enum(CONTENTS), home: z.string().optional() });

/** What a start has to know of the one before it; kept beside Grafana's data. */
export interface Memory {
  readonly content: Content;
  /** The home page that we chose; another one is somebody's choice. */
  readonly home?: string | undefined;
}

/** Undefined before the first start of this kind, also for data of earlier versions, which knew files only. */
export async function readMemory(file: string): Promise<Memory | undefined> {
  return readJsonFile(file, schema, 'delete it: then the next start brings everything into Grafana again');
}

/** Replaces it in one step. */
export async function writeMemory(file: string, memory: Memory): Promise<void> {
  await replaceFile(file, `${JSON.stringify(memory)}\n`);
}
