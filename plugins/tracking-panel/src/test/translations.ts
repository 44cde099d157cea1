import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A locale file: texts by key, in groups. */
export type Tree = { [key: string]: string | Tree };

/** Keys with their groups, such as `options.sort`, and texts. */
export type Texts = Map<string, string>;

export const flatten = (tree: Tree, prefix = ''): Array<[string, string]> =>
  Object.entries(tree).flatMap(([key, value]): Array<[string, string]> =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`)
  );

/** The inverse of {@link flatten}, with sorted keys. */
export function unflatten(texts: Texts): Tree {
  const root: Tree = {};
  for (const [key, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const groups = key.split('.');
    const name = groups.pop() ?? key;
    const group = groups.reduce<Tree>((parent, child) => {
      const known = parent[child];
      return typeof known === 'object' ? known : ((parent[child] = {}) as Tree);
    }, root);
    group[name] = text;
  }
  return root;
}

/** Keys and defaults of every `t()` under a folder. Grafana 13.1 and later do not load en-US: the defaults are it. */
export function textsInSource(folder: string): Texts {
  const found: Texts = new Map();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      for (const [key, text] of textsOfCall(node)) {
        const known = found.get(key);
        if (known !== undefined && known !== text) {
          throw new Error(`Two defaults for ${key}: "${known}" and "${text}"`);
        }
        found.set(key, text);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/(?<!\.test)\.tsx?$/.test(file) && !file.startsWith(`test${path.sep}`)) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    }
  }
  return found;
}

function textsOfCall(call: ts.CallExpression): Array<readonly [string, string]> {
  const [key, text, values] = call.arguments;
  if (!key || !text || !ts.isStringLiteral(key) || !ts.isStringLiteral(text)) {
    throw new Error(
      `t() needs a literal key and a literal default, so that they can be extracted: ${call.getText()}`
    );
  }
  const plurals = values && ts.isObjectLiteralExpression(values) ? pluralsOf(values) : [];
  return plurals.length
    ? plurals.map(([form, value]) => [key.text + form, value] as const)
    : [[key.text, text.text]];
}

const pluralsOf = (values: ts.ObjectLiteralExpression): Array<readonly [string, string]> =>
  values.properties.flatMap((property) => {
    const form = property.name && /^defaultValue(_\w+)$/.exec(property.name.getText())?.[1];
    return form && ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
      ? [[form, property.initializer.text] as const]
      : [];
  });

/** The keys of the Portuguese file: it has a third plural form, for millions. */
export const portugueseKeys = (english: Texts): string[] =>
  [...english.keys()].flatMap((key) =>
    key.endsWith('_other') ? [key, key.replace(/_other$/, '_many')] : [key]
  );

/** A translation brought up to date: what is translated stays, new keys are empty, keys without a text go. */
export const translationFor = (keys: readonly string[], known: Texts): Texts =>
  new Map(keys.map((key) => [key, known.get(key) ?? '']));
