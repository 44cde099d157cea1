import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({
  owner: z.string(),
  writer: z.string(),
  reader: z.string(),
  grafanaAdmin: z.string(),
});

/** The passwords of one stack. */
export type Secrets = z.infer<typeof schema>;

/** Those kept in `DIR/secrets.json` (readable by us only), drawn the first time. */
export async function loadSecrets(dir: string): Promise<Secrets> {
  const known = await readSecrets(dir);
  if (known !== undefined) return known;
  const draw = () => randomBytes(18).toString('base64url');
  const secrets = { owner: draw(), writer: draw(), reader: draw(), grafanaAdmin: draw() };
  await writeFile(fileIn(dir), `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** Those kept in `DIR/secrets.json`; undefined where no stack has been started yet. */
export async function readSecrets(dir: string): Promise<Secrets | undefined> {
  const text = await readFile(fileIn(dir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

function fileIn(dir: string): string {
  return path.join(dir, 'secrets.json');
}
