import { readFile } from 'node:fs/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { z } from 'zod';

/**
 * Reads one of the stack's own files.
 * @param advice what to do about a broken one, as the end of a sentence
 * @returns undefined where there is none
 * @throws OperatorError (78) that names the file and what is wrong in it
 */
export async function readJsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  advice: string,
): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const broken = (what: string) =>
    new OperatorError(`${file} cannot be read: ${what}; ${advice}`, EXIT.config);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a password.
    throw broken(text.trim() === '' ? 'it is empty' : 'it is no JSON');
  }
  const result = schema.safeParse(content);
  if (!result.success) throw broken(z.prettifyError(result.error).replaceAll('\n', ' '));
  return result.data;
}
