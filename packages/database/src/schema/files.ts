import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file of SQL by its name without `.sql`. */
export interface SqlFile {
  readonly name: string;
  readonly sql: string;
}

/** All views, functions and triggers, in the order in which they are made. */
export interface FunctionSet {
  readonly files: readonly SqlFile[];
  /** Of all files; a database that has this set knows it by its hash. */
  readonly sha256: string;
}

/** What the version before 0.1.0 left in a database; see {@link readFormer}. */
export interface FormerSchema {
  readonly commit: string;
  readonly migrations: readonly string[];
  /** Its views, functions and triggers, as `listObjects` names them. */
  readonly objects: readonly string[];
}

/** The folder `sql` of this checkout. Looked for upwards, since bundles stand elsewhere than their sources. */
export function sqlDir(): string {
  for (let dir = __dirname; ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'sql', 'migrations'))) return path.join(dir, 'sql');
    if (path.dirname(dir) === dir) throw new Error(`no folder sql/migrations above ${__dirname}`);
  }
}

/** The numbered migrations of a folder `sql`, in their order. */
export async function readMigrations(sql = sqlDir()): Promise<readonly SqlFile[]> {
  return readSqlFiles(path.join(sql, 'migrations'));
}

/** The set of a folder `sql`. Line ends do not count: a checkout on Windows may have its own. */
export async function readFunctionSet(sql = sqlDir()): Promise<FunctionSet> {
  const files = await readSqlFiles(path.join(sql, 'functions'));
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.name}\0${file.sql}\0`);
  return { files, sha256: hash.digest('hex') };
}

/** The statements that make the tables in which db:migrate keeps what it applied. */
export async function readBookkeeping(): Promise<SqlFile> {
  return readSqlFile(sqlDir(), 'bookkeeping.sql');
}

/** What a database of the former version has: its 25 migrations are one baseline now. */
export async function readFormer(): Promise<FormerSchema> {
  return JSON.parse(await readFile(path.join(sqlDir(), 'upgrade', 'former.json'), 'utf8')) as FormerSchema;
}

async function readSqlFiles(dir: string): Promise<SqlFile[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readSqlFile(dir, name)));
}

async function readSqlFile(dir: string, name: string): Promise<SqlFile> {
  const text = await readFile(path.join(dir, name), 'utf8');
  return { name: name.slice(0, -'.sql'.length), sql: text.replaceAll('\r\n', '\n') };
}
