import { parseAllDocuments } from 'yaml';
import { read } from '../compose/render';

/** The page whose yaml the tests compare with the files. */
export const PAGE = 'docs/kubernetes.md';

/**
 * The document of a page's yaml blocks that has a key at its top.
 *
 * @throws Error when the page prints none
 */
export function yamlIn(page: string, key: string): unknown {
  const blocks = [...read(page).matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    parseAllDocuments(block).map((document) => document.toJS() as unknown),
  );
  const found = blocks.find((block) => typeof block === 'object' && block !== null && key in block);
  if (found === undefined) throw new Error(`${page} prints no yaml with "${key}"`);
  return found;
}
