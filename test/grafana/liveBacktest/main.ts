import { backtest, readHistory, readRule, transitionsOf, type Rule } from '@rastreio/alerts';
import { createClient } from '@rastreio/grafana';
import { asText, ruleOfGrafana, rulesOfFiles } from '@rastreio/grafana/rules';
import { OperatorError, runProgram } from '@rastreio/runtime';
import { Command } from 'commander';
import { triable } from '../../../cli/src/alerts/rules';
import { withThrowAwayServer } from '../../../cli/src/alerts/throwAway';
import { addDatabase, addGrafana, type PlaceOptions } from '../../../cli/src/common/options';
import { parseInstant } from '../../../cli/src/common/parse';
import { findDatabase } from '../../../cli/src/common/where';
import { findGrafana } from '../../../cli/src/grafana/place';
import { compareChanges, instanceOf, offsetOf, type Change } from './compare';
import { stateHistory } from './stateHistory';

interface Options extends PlaceOptions {
  readonly from: number;
  readonly to: number;
}

const program = addGrafana(
  addDatabase(new Command('npm run e2e:backtest --'), 'a role that may read, such as grafana_reader'),
)
  .description(
    'Compares what a running Grafana did with our rules, by its state history, with what alerts:backtest says it would have done. The ' +
      'rules must have begun without any instance at the first instant (paused before, resumed then), and limits must not have changed since',
  )
  .exitOverride()
  .requiredOption('--from <instant>', 'when the rules were resumed, ISO 8601', parseInstant)
  .requiredOption('--to <instant>', 'up to when', parseInstant)
  .addHelpText(
    'after',
    '\nExit codes: 0 compared, 1 a change of state is only on one side, 2 usage, 78 a setting is missing.',
  )
  .action(run);

void runProgram(program);

async function run({ from, to, url, ...place }: Options): Promise<void> {
  const databaseUrl = await findDatabase(place, 'reader');
  const grafana = await findGrafana(url === undefined ? place : { ...place, url });
  const { rules: files } = await rulesOfFiles('provisioning/alerting', grafana.env);
  const groups = new Map<string, Rule[]>();
  for (const { uid } of triable(files).rules) {
    const { rules: found } = await ruleOfGrafana(grafana, uid);
    for (const rule of found)
      groups.set(asText(rule.content.group), [
        ...(groups.get(asText(rule.content.group)) ?? []),
        readRule(rule),
      ]);
  }
  const rules = [...groups.values()].flat();
  const byTitle = new Map(rules.map((rule) => [rule.title, rule]));
  const live = await stateHistory(createClient(grafana), byTitle, from, to);
  if (live.length === 0)
    throw new OperatorError('Grafana has no change of state in that time; give another --from and --to');
  const replayed = await replayedChanges(databaseUrl, groups, live, { from, to });
  const intervals = new Map(rules.map(({ uid, intervalMs }) => [uid, intervalMs]));
  const result = compareChanges(live, replayed, (uid) => intervals.get(uid) ?? 0);
  const { equal, shifted, onlyLive, onlyReplayed } = result;
  for (const [title, changes] of Object.entries({ 'only live': onlyLive, 'only replayed': onlyReplayed }))
    for (const { rule, instance, atMs, to: state } of changes)
      process.stderr.write(`${title}: ${new Date(atMs).toISOString()} ${rule} ${instance} ${state}\n`);
  process.stdout.write(
    `${JSON.stringify({
      command: 'e2e:backtest',
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      rules: rules.length,
      live: live.length,
      replayed: replayed.length,
      equal,
      one_evaluation_apart: shifted.length,
      only_live: onlyLive.length,
      only_replayed: onlyReplayed.length,
      by_rule: Object.fromEntries(
        rules.map(({ uid }) => [uid, live.filter(({ rule }) => rule === uid).length]),
      ),
    })}\n`,
  );
  if (onlyLive.length + onlyReplayed.length > 0) process.exitCode = 1;
}

/** Rules of one group are evaluated at the same offset. */
async function replayedChanges(
  databaseUrl: string,
  groups: ReadonlyMap<string, readonly Rule[]>,
  live: readonly Change[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Change[]> {
  const { signal } = new AbortController();
  const history = await readHistory(databaseUrl, () => undefined, signal);
  const changes: Change[] = [];
  for (const [name, group] of groups) {
    const intervalMs = group[0]?.intervalMs ?? 0;
    const uids = new Set(group.map(({ uid }) => uid));
    const instants = live.filter(({ rule }) => uids.has(rule)).map(({ atMs }) => atMs);
    const offsetMs = offsetOf(instants, intervalMs) ?? 0;
    process.stderr.write(
      `${name}: ${group.length} rules each ${intervalMs / 1000} s, ${offsetMs / 1000} s after it is full\n`,
    );
    const { runs } = await withThrowAwayServer(
      (adminUrl) =>
        backtest({
          adminUrl,
          history,
          rules: group,
          by: 'received',
          fromMs: from,
          everyMs: () => intervalMs,
          offsetMs,
          onProgress: () => undefined,
          signal,
        }),
      signal,
    );
    for (const { rule, recording } of runs)
      for (const { atMs, key: labels, from: before, to: state, reason } of transitionsOf(recording, rule))
        // Its history has no change towards a state that is kept for want of data.
        if (atMs <= to && before !== state && !reason.includes('KeepLast'))
          changes.push({
            rule: rule.uid,
            instance: instanceOf(JSON.parse(labels) as Record<string, string>),
            atMs,
            to: reason === '' ? state : `${state} (${reason})`,
          });
  }
  return changes;
}
