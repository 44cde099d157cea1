import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { Folders } from './folders';
import { asList, asObject, asText, type Json } from './json';

/** Uid to type of the data sources that the checkout's files provision. */
export async function readDataSourceTypes(folders: Folders): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(path.dirname(folders.alerting), 'datasources');
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return new Map(
    texts
      .flatMap((text) => asList(asObject(parse(text) as Json).datasources))
      .map((source) => [asText(asObject(source).uid), asText(asObject(source).type)]),
  );
}

/** The uids of these data sources. */
export async function readDataSourceUids(folders: Folders): Promise<readonly string[]> {
  return [...(await readDataSourceTypes(folders)).keys()];
}
