import { createValidator, type Validator } from '@rastreio/contract';
import { EXIT, wholeNumber } from '@rastreio/runtime';
import { judgeEvent, readPayload, type Reading } from '@rastreio/sources';
import type { Command } from 'commander';
import { exitCodes, skewOption, toRules, type RuleOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { addFolder, findProfile, type FolderOptions } from './folder';
import { FILE_LIMITS, payloadOf } from './payloadFile';
import { eventTable, problemLines, unknownLines, type Tried, type TriedProblem } from './report';

interface TryOptions extends FolderOptions, RuleOptions {
  readonly limit: number;
}

const MAX_LIMIT = 100_000;

const HELP = `
Reads the file as the profile says and sends nothing. Each event is shown as it would be published; the profile's own problems and what the
contract refuses come with their place in the file. ${exitCodes('every event could be read', 'some could not', 'the profile is broken: its lines are named').trim()}`;

/** Adds `source try`. */
export function addTry(source: Command): void {
  addFolder(source.command('try'))
    .description('show what each event of a payload becomes by a profile, without sending anything')
    .argument('<profile>', 'name of the profile')
    .argument('<file>', 'with a payload as the source sends it')
    .option('--limit <n>', 'show at most so many events; --json has all', wholeNumber(1, MAX_LIMIT), 50)
    .addOption(skewOption())
    .addHelpText('after', HELP)
    .action(tryFile);
}

async function tryFile(name: string, file: string, options: TryOptions): Promise<void> {
  const profile = await findProfile(name, options.profiles);
  const rules = toRules(options);
  const reading = await readPayload(profile, await payloadOf(file), FILE_LIMITS);
  const { events, problems } = check(reading, createValidator(rules));
  const wrong = problems.length + reading.problemsOmitted;
  const unknown = [...reading.unknownStatuses].sort(([, a], [, b]) => b - a);
  if (events.length > 0) say(eventTable(events.slice(0, options.limit)));
  if (events.length > options.limit) say(`… and ${events.length - options.limit} more (--limit)`);
  for (const line of problemLines(problems)) say(line);
  if (reading.problemsOmitted > 0) say(`… and ${reading.problemsOmitted} more problems`);
  for (const line of unknownLines(unknown)) say(line);
  const good = events.filter(({ ok }) => ok).length;
  say(`${profile.name}: ${good} events could be published, ${wrong} problems; nothing was sent`);
  printResult('source:try', {
    profile: profile.name,
    file,
    events,
    problems,
    problems_omitted: reading.problemsOmitted,
    unknown_statuses: Object.fromEntries(unknown),
  });
  if (wrong > 0) process.exitCode = EXIT.wrong;
}

/** Holds a reading against the contract. */
function check(reading: Reading, validate: Validator): { events: Tried[]; problems: TriedProblem[] } {
  const problems: TriedProblem[] = [...reading.problems];
  const events = reading.events.map(({ where, event }): Tried => {
    const { accepted, rejections } = judgeEvent(event, validate);
    for (const { field, detail } of rejections) problems.push({ where, field, detail });
    return accepted === null ? { where, event, ok: false } : { where, event: { ...accepted }, ok: true };
  });
  return { events, problems };
}
