import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { EXIT, OperatorError } from './exitCodes';

export interface YamlProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Names the setting, and says what to do. */
  readonly text: string;
}

type Explain = (issue: z.core.$ZodRawIssue) => string | undefined;

export type YamlRead<T> =
  | {
      readonly ok: true;
      readonly data: T;
      /** The line on which the value of this path stands, or what is nearest around it. */
      readonly lineOf: (path: readonly PropertyKey[]) => number;
    }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

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
  const read = readYaml(text, schema);
  if (read.ok) return read.data;
  const list = read.problems.map((problem) => `  line ${problem.line}: ${problem.text}`);
  throw new OperatorError(`${file}: correct these lines and start again:\n${list.join('\n')}`, EXIT.config);
}

/**
 * Reads YAML through a zod schema, and answers with every problem at once in the order of their lines.
 *
 * @param options.explain says what is wrong where the schema itself does not
 * @param options.plain every value stays the text that stands there (YAML's failsafe schema): `01` is "01" and not 1
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  options: { readonly plain?: boolean; readonly explain?: Explain } = {},
): YamlRead<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: options.plain === true ? 'failsafe' : 'core',
  });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  if (document.errors.length > 0)
    return failed(document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), text: message })));
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    // Aliases that would unfold into more than memory holds.
    return failed([{ line: 1, text: `${(error as Error).message}; write it out without aliases` }]);
  }
  const lineOf = (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path));
  const result = schema.safeParse(value, options.explain && { error: options.explain });
  if (result.success) return { ok: true, data: result.data, lineOf };
  return failed(
    result.error.issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      return keys.map((key) => {
        const path = key === undefined ? issue.path : [...issue.path, key];
        const message =
          key === undefined ? issue.message : 'there is no such setting; remove it or correct its name';
        return { line: lineOf(path), text: `${path.join('.') || 'the file'}: ${message}` };
      });
    }),
  );
}

function failed(problems: readonly YamlProblem[]): YamlRead<never> {
  return { ok: false, problems: [...problems].sort((a, b) => a.line - b.line) };
}

/** Where the key of this path stands, or its value where it has none, or what is nearest around it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const name = String(path[length - 1]);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
