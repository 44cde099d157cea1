/**
 * The page with what a command makes between its two marks, where a text made before may stand.
 *
 * @param command the npm script that makes it, such as `statuses:write`
 * @throws Error where the page has no such marks
 */
export function between(page: string, command: string, made: string): string {
  const begin = `<!-- Made by npm run ${command}. -->\n`;
  const end = '\n<!-- The end of what it makes. -->';
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`The page lacks the lines ${begin.trim()} and ${end.trim()}; put them in.`);
  return `${page.slice(0, from + begin.length)}\n${made}${page.slice(to)}`;
}
