import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { tokens } from './sql';

/** What the database has, as the files of sql/ make it. */
export interface Schema {
  readonly tables: ReadonlySet<string>;
  readonly views: ReadonlySet<string>;
}

/** Reads the names of tables and views off the SQL files of a folder and those below it, `reference` left out. */
export async function readSchema(folder: string): Promise<Schema> {
  const names = await readdir(folder, { recursive: true });
  const tables = new Set<string>();
  const views = new Set<string>();
  for (const name of names.filter((n) => n.endsWith('.sql') && !n.startsWith('reference')).sort()) {
    const list = tokens(await readFile(path.join(folder, name), 'utf8'));
    list.forEach(({ kind, text }, i) => {
      if (kind !== 'word' || (text !== 'table' && text !== 'view')) return;
      const before = list.slice(Math.max(0, i - 4), i).map((token) => token.text);
      if (!before.includes('create')) return;
      const rest = list.slice(i + 1).filter((token) => !['if', 'not', 'exists'].includes(token.text));
      const [first, dot, second] = rest;
      if (first === undefined) return;
      const full = dot?.text === '.' && second !== undefined ? `${first.text}.${second.text}` : first.text;
      (text === 'table' ? tables : views).add(full);
    });
  }
  return { tables, views };
}
