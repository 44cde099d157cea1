import { between } from '../marked';
import { reduced, type Needs } from './workspaces';

/** Tests are not part of the house. */
const LEFT_OUT = /^test\/|^packages\/testing$/;

/** The page with the picture of who needs whom. */
export function withPicture(page: string, needs: Needs): string {
  return between(page, 'docs:write', picture(needs));
}

/** A Mermaid flowchart: an arrow from a workspace to what it needs, without arrows that follow from others. */
export function picture(needs: Needs): string {
  const drawn = [...reduced(needs)].filter(([folder]) => !LEFT_OUT.test(folder));
  const rooms = drawn.map(([folder]) => `  ${idOf(folder)}["${folder}"]\n`);
  const arrows = drawn.flatMap(([from, to]) =>
    [...to].map((other) => `  ${idOf(from)} --> ${idOf(other)}\n`),
  );
  return `\`\`\`mermaid\nflowchart TD\n${[...rooms.sort(), ...arrows.sort()].join('')}\`\`\`\n`;
}

function idOf(folder: string): string {
  return folder.replaceAll(/\W/g, '_');
}
