import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** Contents by path inside the plugin's folder, with forward slashes. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** All files under a folder. */
export function readFiles(folder: string): Files {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(path.join(folder, file)).isFile())
      .map((file) => [file.split(path.sep).join('/'), readFileSync(path.join(folder, file))]),
  );
}

// The first instant that a zip can hold, in the local time that zips are written in. No file's own time is kept: the
// same files must give the same bytes whenever and wherever they are packed.
const MODIFIED = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = 0o100644;

/** Packs files into a zip with one folder, which Grafana wants named after the plugin. Same input, same bytes. */
export function pack(files: Files, folder: string): Uint8Array {
  const entries: Zippable = {};
  for (const [file, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    entries[`${folder}/${file}`] = [
      content,
      { mtime: MODIFIED, level: 9, os: UNIX, attrs: READABLE_FILE << 16 },
    ];
  }
  return zipSync(entries);
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
