import type { Command, Option } from 'commander';

/** A word that can come next, and what it is for. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/**
 * What can follow on a command line, from the commands, options and choices of a program. Nothing where a value is free: a shell then
 * completes names of files.
 *
 * @param words after the program's name; the last one is being typed
 */
export function candidates(program: Command, words: readonly string[]): readonly Candidate[] {
  const [before, typed] = [words.slice(0, -1), words.at(-1) ?? ''];
  const place = walk(program, before);
  return following(place, typed).filter(({ word }) => word.startsWith(typed));
}

/** Where the words before lead to. */
interface Place {
  readonly command: Command;
  /** An option whose value is still to come. */
  readonly option?: Option | undefined;
  /** How many arguments of the command are there already. */
  readonly given: number;
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, given: 0 };
  for (const word of words) place = step(place, word);
  return place;
}

function step({ command, option, given }: Place, word: string): Place {
  if (option !== undefined) return { command, given };
  if (word.startsWith('-')) {
    const found = command.options.find(({ long, short }) => word === long || word === short);
    return { command, given, option: found !== undefined && takesValue(found) ? found : undefined };
  }
  const next = command.commands.find((sub) => sub.name() === word);
  return next === undefined ? { command, given: given + 1 } : { command: next, given: 0 };
}

function following({ command, option, given }: Place, typed: string): readonly Candidate[] {
  if (option !== undefined) return choicesOf(option.argChoices);
  const help = command.createHelp();
  if (typed.startsWith('-'))
    return help
      .visibleOptions(command)
      .map(({ long, short, description }) => ({ word: long ?? short ?? '', meaning: description }));
  if (command.commands.length > 0)
    return help
      .visibleCommands(command)
      .map((sub) => ({ word: sub.name(), meaning: sub.summary() || sub.description() }));
  const { registeredArguments: all } = command;
  return choicesOf((all[given] ?? all.at(-1))?.argChoices);
}

function choicesOf(choices: readonly string[] = []): readonly Candidate[] {
  return choices.map((word) => ({ word, meaning: '' }));
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}
