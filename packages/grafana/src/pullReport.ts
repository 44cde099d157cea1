import path from 'node:path';
import { describeDifference } from './differences';
import type { Left, PullResult } from './pull';
import { describeUnit } from './units';

const MAX_DIFFERENCES = 12;

/** What a pull did, for a person. */
export function pullReport({
  files,
  pulled,
  removed,
  ahead,
  conflicts,
  lost,
  variables,
}: PullResult): string {
  const lines = [
    ...pulled.flatMap((left) => leftLines('pulled', left)),
    ...removed.map((id) => `removed from the files, as deleted on the screen: ${id}`),
    ...ahead.map((id) => `not applied yet: ${id}`),
    ...conflicts.flatMap((left) => leftLines('edited on both sides, nothing written', left)),
    ...lost.map(
      ({ uid, title, what }) =>
        `dashboard "${title}" (${uid}): nothing written, the classic form cannot hold: ${what.join(', ')}`,
    ),
    ...files.map((file) => `wrote ${path.relative('', file)}`),
    ...variables.map((name) => `Grafana does not tell a secret: set ${name} before the next apply`),
  ];
  if (files.length + conflicts.length + lost.length === 0)
    lines.push('the files have everything that was edited on the screen');
  if (conflicts.length > 0)
    lines.push(
      'commit or keep your edits elsewhere, then "npm run grafana:pull -- --force" takes the screen’s',
    );
  return lines.map((line) => `${line}\n`).join('');
}

function leftLines(what: string, { unit, title, differences }: Left): readonly string[] {
  const more = differences.length - MAX_DIFFERENCES;
  return [
    `${what}: ${describeUnit(unit, title)}`,
    ...differences.slice(0, MAX_DIFFERENCES).map((d) => `    ${describeDifference(d)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}
