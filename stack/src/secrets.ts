import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { keepSecret, replaceFile } from '@rastreio/runtime';
import { z } from 'zod';
import { readJsonFile } from './jsonFile';

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
  for (const secret of Object.values(secrets)) keepSecret(secret);
  await replaceFile(fileIn(dir), `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/** Those kept in `DIR/secrets.json`; undefined where no stack has been started yet. @throws OperatorError (78) when the file is broken */
export async function readSecrets(dir: string): Promise<Secrets | undefined> {
  const secrets = await readJsonFile(
    fileIn(dir),
    schema,
    'put it back from a copy, or forget the data with --reset',
  );
  for (const secret of Object.values(secrets ?? {})) keepSecret(secret);
  return secrets;
}

function fileIn(dir: string): string {
  return path.join(dir, 'secrets.json');
}
