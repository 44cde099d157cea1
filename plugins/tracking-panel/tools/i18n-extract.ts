import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLUGIN_ID } from '../src/constants';
import {
  flatten,
  portugueseKeys,
  type Texts,
  textsInSource,
  translationFor,
  type Tree,
  unflatten,
} from '../src/test/translations';

const USAGE = `Usage: npm run i18n-extract [-- --check]

Brings the locale files in line with the sources: en-US gets the defaults of every t(); in pt-BR, new keys are added
with an empty text to be translated, and keys that are no longer used go.

  --check   changes nothing; exit code 1 if a file is out of date or a text is not translated
`;

const SOURCE = path.join(__dirname, '..', 'src');
const fileOf = (language: string) => path.join(SOURCE, 'locales', language, `${PLUGIN_ID}.json`);
const read = (language: string): Texts =>
  new Map(flatten(JSON.parse(readFileSync(fileOf(language), 'utf8')) as Tree));
const write = (language: string, texts: Texts) =>
  writeFileSync(fileOf(language), `${JSON.stringify(unflatten(texts), null, 2)}\n`);
const same = (a: Texts, b: Texts) => JSON.stringify(unflatten(a)) === JSON.stringify(unflatten(b));

function main(args: string[]): number {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    process.stderr.write(`Unknown: ${unknown.join(' ')}\n${USAGE}`);
    return 2;
  }
  const english = textsInSource(SOURCE);
  const portuguese = translationFor(portugueseKeys(english), read('pt-BR'));
  const missing = [...portuguese].filter(([, text]) => text === '').map(([key]) => key);
  const stale = [
    ...(same(english, read('en-US')) ? [] : ['en-US']),
    ...(same(portuguese, read('pt-BR')) ? [] : ['pt-BR']),
  ];
  if (!args.includes('--check')) {
    write('en-US', english);
    write('pt-BR', portuguese);
  }
  process.stdout.write(
    `${JSON.stringify({ texts: english.size, outOfDate: stale, untranslated: missing })}\n`
  );
  return args.includes('--check') && (missing.length > 0 || stale.length > 0) ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
