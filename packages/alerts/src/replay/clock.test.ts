import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tokens } from '@rastreio/grafana/rules';
import { FIXED_CLOCKS } from './query';

const SQL = path.resolve(__dirname, '../../../../sql');

function sources(): readonly (readonly [string, string])[] {
  return ['functions', 'migrations'].flatMap((folder) =>
    readdirSync(path.join(SQL, folder)).map(
      (name) => [name, readFileSync(path.join(SQL, folder, name), 'utf8')] as const,
    ),
  );
}

/** The bodies in dollar quotes that follow a search path of a function's own, which hides every clock but PostgreSQL's. */
function hiddenBodies(text: string): readonly string[] {
  return [...text.matchAll(/SET search_path[^;$]*AS \$(\w*)\$([\s\S]*?)\$\1\$/g)].map(
    ([, , body]) => body ?? '',
  );
}

test.each(sources())('%s tells the time by now() alone, where a copy can move it', (_name, text) => {
  const bodies = hiddenBodies(text);
  const plain = text.replace(/\$\w*\$/g, ' ');
  const fixed = tokens(plain).filter(({ kind, text: word }) => kind === 'word' && FIXED_CLOCKS.has(word));
  expect(fixed).toEqual([]);
  expect(bodies.filter((body) => /\bnow\(\)|_timestamp\(\)/.test(body))).toEqual([]);
});

test('bodies with a search path of their own are found', () => {
  const found = sources().flatMap(([, text]) => hiddenBodies(text));
  expect(found.some((body) => body.includes('fatia_livre()'))).toBe(true);
});
