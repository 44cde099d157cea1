import type { Files } from './archive';
import { text } from './problem';

/**
 * The files with the four links that the catalog wants, all under the public address of the sources. That address is
 * the publisher's to give: the sources themselves name none.
 */
export function withLinks(files: Files, repository: string): Files {
  const base = repository.replace(/\/+$/, '');
  const metadata = JSON.parse(text(files, 'plugin.json')) as { info: Record<string, unknown> };
  const links = [
    { name: 'Documentation', url: `${base}/tree/main/plugins/tracking-panel#readme` },
    { name: 'Repository', url: base },
    { name: 'License', url: `${base}/blob/main/plugins/tracking-panel/LICENSE` },
    { name: 'Raise issue', url: `${base}/issues/new` },
  ];
  const changed = { ...metadata, info: { ...metadata.info, links } };
  return new Map([
    ...files,
    ['plugin.json', new TextEncoder().encode(`${JSON.stringify(changed, null, 2)}\n`)],
  ]);
}
