import path from 'node:path';
import { EXIT } from '@rastreio/runtime';
import { addPortOptions, examine, placeOf, portsOf, type Finding, type Level } from '@rastreio/stack/doctor';
import { DEFAULT_STACK_DIR } from '@rastreio/stack/running';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { needFiles } from './common/checkout';
import { addStack, exitCodes, type PlaceOptions } from './common/options';
import { printResult, say } from './common/output';
import { isGiven } from './common/where';

const WORDS: Readonly<Record<Level, string>> = { ok: 'ok', warn: 'warning', fail: 'FAILS' };

/** Looks at everything that a start and the commands need. */
export function addDoctor(command: Command): void {
  addStack(command);
  addPortOptions(command);
  command
    .addHelpText(
      'after',
      `\nEach code with what it looks at: docs/doctor.md.${exitCodes('well, or warnings alone', 'something fails')}`,
    )
    .action(async ({ stack }: PlaceOptions) => {
      needFiles(['package.json', 'package-lock.json']);
      const dir = path.resolve(isGiven(stack) ? stack : DEFAULT_STACK_DIR);
      const checks = await examine(placeOf(dir, portsOf(command)));
      const count = (level: Level) => checks.filter((finding) => finding.level === level).length;
      const [failed, warned] = [count('fail'), count('warn')];
      say(tableOf(checks));
      say(`${checks.length} checks, ${failed} failed, ${warned} warnings`);
      printResult('doctor', { stack: dir, failed, warned, checks });
      process.exitCode = failed > 0 ? EXIT.wrong : EXIT.done;
    });
}

/** What was seen, and on a line of its own what to do. */
function tableOf(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['code', 'check', '', 'seen, and what to do'],
    style: { head: [], border: [] },
    colWidths: [null, null, null, 90],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const { code, title, level, seen, advice } of findings)
    table.push([code, title, WORDS[level], advice === null ? seen : `${seen}\n-> ${advice}`]);
  return table.toString();
}
