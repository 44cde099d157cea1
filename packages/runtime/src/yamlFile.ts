import { readFile } from 'node:fs/promises';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { EXIT, OperatorError } from './exitCodes';

interface Problem {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads a YAML file through a zod schema.
 *
 * @throws OperatorError (exit code 78) that lists every problem at once, each with its line
 */
export async function loadYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new OperatorError(`${file}: ${(error as Error).message}; check the path`, EXIT.config, {
      cause: error,
    });
  }
  return parseYaml(file, text, schema);
}

/**
 * Reads YAML through a zod schema.
 *
 * @param file what the text is called in errors
 * @throws OperatorError (exit code 78) that lists every problem at once, each with its line
 */
export function parseYaml<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  refuse(
    file,
    document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), text: message })),
  );
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      const message =
        key === undefined ? issue.message : 'there is no such setting; remove it or correct its name';
      return { line: lineAt(offsetOf(document, path)), text: `${path.join('.') || 'the file'}: ${message}` };
    });
  });
  refuse(file, problems);
  throw new Error('a schema failed without an issue');
}

function refuse(file: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const list = [...problems]
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => `  line ${line}: ${text}`);
  throw new OperatorError(`${file}: correct these lines and start again:\n${list.join('\n')}`, EXIT.config);
}

/** Where the node of this path begins, or that of the nearest one around it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
