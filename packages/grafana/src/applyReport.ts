import type { ApplyResult } from './apply';
import { describeDifference } from './differences';
import type { Kept } from './plan';
import type { Reason } from './threeWay';
import { describeUnit } from './units';

const MAX_DIFFERENCES = 12;
const REASONS: Readonly<Record<Reason, string>> = {
  edited: 'edited on the screen',
  both: 'edited on the screen, and changed in the files',
  deleted: 'deleted on the screen',
  unknown: 'was there before the first apply, with another content',
  removed: 'removed from the files, and edited on the screen',
};

/** What an apply did, for a person. */
export function applyReport({ created, updated, removed, unchanged, kept, dryRun }: ApplyResult): string {
  const would = dryRun ? 'would be ' : '';
  const lines = [
    ...created.map((id) => `${would}created: ${id}`),
    ...updated.map((id) => `${would}updated: ${id}`),
    ...removed.map((id) => `${would}removed: ${id}`),
    ...kept.flatMap(keptLines),
  ];
  const changed = created.length + updated.length + removed.length;
  lines.push(
    changed === 0 && kept.length === 0
      ? `nothing changed; ${unchanged} units are as in the files`
      : `${changed} ${would}changed, ${unchanged} unchanged, ${kept.length} kept as on the screen`,
  );
  if (kept.length > 0)
    lines.push(
      '"npm run grafana:pull" brings the edits into the files; --force lets the files win; --keep accepts the edits for now',
    );
  return lines.map((line) => `${line}\n`).join('');
}

/** What is kept, and how it differs. */
function keptLines({ unit, title, reason, differences }: Kept): readonly string[] {
  const shown = differences.slice(0, MAX_DIFFERENCES).map((d) => `    ${describeDifference(d)}`);
  const more = differences.length - shown.length;
  return [
    `kept: ${describeUnit(unit, title)}: ${REASONS[reason]}`,
    ...(reason === 'deleted' ? [] : shown),
    ...(reason !== 'deleted' && more > 0 ? [`    and ${more} more`] : []),
  ];
}
