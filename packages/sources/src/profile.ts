import path from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { readYaml, type YamlProblem } from '@rastreio/runtime';
import type { z } from 'zod';
import { profileSchema } from './schema';

/** How to read the payloads of one source: a file of config/sources, checked and compiled. docs/sources.md says what its keys mean. */
export type SourceProfile = z.output<typeof profileSchema> & {
  readonly file: string;
  /** The line of the file on which the value of this path stands, or what is nearest around it. */
  readonly lineOf: (path: readonly string[]) => number;
};

export interface ProfileProblem extends YamlProblem {
  readonly file: string;
}

export type ProfileRead =
  | { readonly ok: true; readonly profile: SourceProfile }
  /** All there are, in the order of their lines. */
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/**
 * Reads a source profile.
 *
 * @param text the YAML
 * @param file what the text is called in problems; the profile is called as the file is, without `.yaml`
 */
export function readProfile(text: string, file: string): ProfileRead {
  const read = readYaml(text, profileSchema, { plain: true, explain });
  if (!read.ok) return { ok: false, problems: read.problems.map((problem) => ({ file, ...problem })) };
  const { data, lineOf } = read;
  const expected = path.basename(file).replace(/\.ya?ml$/, '');
  if (data.name !== expected) {
    const text = `name: ${data.name} is not the name of the file; write ${expected}, or rename the file`;
    return { ok: false, problems: [{ file, line: lineOf(['name']), text }] };
  }
  return { ok: true, profile: { ...data, file, lineOf } };
}

const FORMS: Readonly<Record<string, string>> = {
  object: 'use keys with their values, as docs/sources.md shows them',
  record: 'use keys with their values, as docs/sources.md shows them',
  array: 'use a list',
  string: 'use a text',
};

function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_key') return 'is no name that expressions can say; use letters, digits and _';
  if (issue.code !== 'invalid_type') return undefined;
  return `${issue.input === undefined ? 'is missing' : 'has another form'}; ${FORMS[issue.expected] ?? `use ${issue.expected}`}`;
}

export interface LoadedProfiles {
  /** By name, those that are right. */
  readonly profiles: ReadonlyMap<string, SourceProfile>;
  /** Of the others. */
  readonly problems: readonly ProfileProblem[];
}

/**
 * Reads every `.yaml` of a folder. A broken profile costs no other.
 *
 * @param dir such as `config/sources`; one that is not there is a problem
 */
export async function loadProfiles(dir: string): Promise<LoadedProfiles> {
  const profiles = new Map<string, SourceProfile>();
  const problems: ProfileProblem[] = [];
  let files: string[];
  try {
    files = (await readdir(dir)).filter((file) => /\.ya?ml$/.test(file)).sort();
  } catch (error) {
    return { profiles, problems: [unreadable(dir, error)] };
  }
  for (const file of files.map((name) => path.join(dir, name))) {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      problems.push(unreadable(file, error));
      continue;
    }
    const read = readProfile(text, file);
    if (!read.ok) problems.push(...read.problems);
    else if (!profiles.has(read.profile.name)) profiles.set(read.profile.name, read.profile);
    else {
      const other = profiles.get(read.profile.name)?.file;
      problems.push({ file, line: 1, text: `${other} has this name already; rename one of the two` });
    }
  }
  return { profiles, problems };
}

function unreadable(file: string, error: unknown): ProfileProblem {
  return { file, line: 1, text: `${(error as Error).message}; check the path and the permissions` };
}
