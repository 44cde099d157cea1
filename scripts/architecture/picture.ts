import { between } from '../marked';
import { reduced, type Needs } from './workspaces';

/** From the top of the house to its ground. */
const FLOORS: readonly (readonly [title: string, of: (folder: string) => boolean])[] = [
  ['programs', (folder) => !/^(packages|services|plugins)\//.test(folder)],
  ['services', (folder) => folder.startsWith('services/')],
  ['plugin', (folder) => folder.startsWith('plugins/')],
  ['packages', (folder) => folder.startsWith('packages/') && folder !== CONTRACT],
  ['ground', (folder) => folder === CONTRACT],
];
const CONTRACT = 'packages/contract';
/** Tests are not part of the house. */
const LEFT_OUT = /^test\/|^packages\/testing$/;

/** The page with the picture of who needs whom. */
export function withPicture(page: string, needs: Needs): string {
  return between(page, 'docs:write', picture(needs));
}

/** A Mermaid flowchart: an arrow from a workspace to what it needs, without arrows that follow from others. */
export function picture(needs: Needs): string {
  const folders = [...needs.keys()].filter((folder) => !LEFT_OUT.test(folder)).sort();
  const floors = FLOORS.map(([title, of]) => {
    const rooms = folders.filter(of).map((folder) => `    ${idOf(folder)}["${folder}"]\n`);
    return `  subgraph ${title}\n${rooms.join('')}  end\n`;
  });
  const arrows = [...reduced(needs)]
    .filter(([from]) => folders.includes(from))
    .flatMap(([from, to]) => [...to].sort().map((other) => `  ${idOf(from)} --> ${idOf(other)}\n`));
  return `\`\`\`mermaid\nflowchart TD\n${floors.join('')}${arrows.sort().join('')}\`\`\`\n`;
}

function idOf(folder: string): string {
  return folder.replaceAll(/\W/g, '_');
}
