/** What becomes of a printed command in tests. */
export type Fate =
  /** Run against the stack of the smoke test, as printed but for the names of files and places; it must end with 0. */
  | { readonly run: Readonly<Record<string, string>> }
  /** Not run, for a reason; it is only looked whether its names, options and files exist. */
  | { readonly why: string };

const asPrinted: Fate = { run: {} };
const LONG: Fate = { why: 'takes minutes; what it does is a step of npm cit, or its tests run it with less' };
const WRITES: Fate = { why: 'writes into the checkout; a test compares what it would write' };
const GRAFANA: Fate = { why: 'needs a real Grafana: npm run e2e:grafana runs it against one' };
const DOCKER: Fate = { why: 'needs Docker; test/compose renders the file and reads the scripts' };
const KUBERNETES: Fate = { why: 'needs a cluster; test/kubernetes checks what is applied' };
const STARTS: Fate = { why: 'starts a stack of its own; the smoke test starts one by the same code' };
const SETTLES: Fate = { why: 'settles letters for good; cli/src/dlq tests it on a database of its own' };
const CHANGES: Fate = {
  why: 'changes parcels of the smoke test; cli/src/parcel runs it on a database of its own',
};
const PLACEHOLDER: Fate = { why: 'says by a word in capitals what to put there' };
const HAS_NONE: Fate = { why: 'the smoke test’s database has no such past; its own tests have' };
const RESTORES: Fate = { why: 'test/restore runs what docs/backup.md prints, under load' };
const NAME_ONLY: Fate = {
  why: 'a name within a sentence: its full form stands elsewhere, or takes arguments',
};

/**
 * The first pattern that fits a command decides. Commands are run in the order of this list. A command that is new in the pages and fits
 * none fails a test: run it, or say why not.
 */
export const FATES: readonly (readonly [pattern: RegExp, fate: Fate])[] = [
  [/^npm run (doctor|grafana:lint)$/, asPrinted],
  [/^npm run sbom$/, asPrinted],
  [/^npx rastreio (doctor|topics|group show|source list)$/, asPrinted],
  [/^npx rastreio source try easypost /, asPrinted],
  [/^npx rastreio places (list|count)/, asPrinted],
  [
    /^npx rastreio places (set|merge|undo)\b/,
    { why: 'names places that the smoke test’s world lacks; cli/src/places tests it' },
  ],
  [
    /^npx rastreio source (try|send) minha /,
    { why: 'reads what the page has just made; test/sourcesDoc reads it too' },
  ],
  [
    /^npx rastreio status /,
    { why: 'needs a database with such words; cli/src/status/status.test.ts runs them' },
  ],
  [/^npx rastreio group skip /, { why: 'only while no consumer runs; cli/src/group.test.ts runs it' }],
  [/^(pg_dump|pg_restore|pg_basebackup|psql|tar|touch|chroot) |^npx rastreio db provision /, RESTORES],
  [/^npx rastreio notices --help$/, asPrinted],
  [/^npm start -- --help$/, asPrinted],
  [/^npm run kafka:topics$/, asPrinted],
  [/^npm run db:(status|migrate)$/, asPrinted],
  [/^npm run simulate -- --(help|scenario original)$/, asPrinted],
  [
    /^npm run simulate -- --count 10000 --out events\.ndjson$/,
    { run: { 'events.ndjson': 'DIR/events.ndjson' } },
  ],
  [/^npm run simulate -- --parcels 2000 .* truth\.ndjson$/, { run: { 'truth.ndjson': 'DIR/truth.ndjson' } }],
  [/^npm run verify -- truth\.ndjson --ignore-others$/, { run: { 'truth.ndjson': 'DIR/truth.ndjson' } }],
  [/^curl .*events\.ndjson$/, { run: { 'events.ndjson': 'DIR/events.ndjson' } }],
  [/^curl /, asPrinted],
  [/^npm run import -- FILE\.csv( --to kafka)?$/, { run: { 'FILE.csv': 'fixtures/rastreamento.csv' } }],
  [/^npm run db:promises -- prazos\.csv$/, { run: { 'prazos.csv': 'DIR/prazos.csv' } }],
  [/^npm run db:verify( -- .*)?$/, asPrinted],
  [/^npm run db:rebuild( -- --dry-run)?$/, asPrinted],
  [/^npm run db:retain -- .* --dry-run$/, asPrinted],
  [/^npx rastreio parcel (close|reopen) .*--dry-run$/, asPrinted],
  [/^npx rastreio parcel (close|reopen) /, CHANGES],
  [/^npm run dlq -- list( .*)?$/, asPrinted],
  [/^npm run dlq -- show eventos_rastreamento:3:1711$/, { run: { 'eventos_rastreamento:3:1711': 'LETTER' } }],
  [/^npm run dlq -- replay .*--dry-run$/, asPrinted],
  [/^npm run dlq -- replay .+/, SETTLES],
  [/^npm run db:retain -- /, HAS_NONE],
  [/^npm run db:migrate -- /, HAS_NONE],
  [/^npm run alerts:backtest -- /, HAS_NONE],
  [/^npm run (simulate|bench|chaos|alerts:prove|alerts:pictures|smoke|gallery|e2e:backtest)\b/, LONG],
  [
    /^npm run verify -- truth\.ndjson$/,
    { why: 'for a database that has but that simulation: the smoke test verifies so' },
  ],
  [/^npm (cit|ci|test\b.*)$|^npm run (check|test:full|tsc|circles|gallery:build && .*)( .*)?$/, LONG],
  [/^npx jest /, LONG],
  [/^npm run (docs|schema|statuses):write$|^npm run (build|i18n-extract) -w /, WRITES],
  [/^npm run (grafana:(apply|pull|check)|e2e:grafana)\b/, GRAFANA],
  [/^kubectl /, KUBERNETES],
  [/^docker (build|push) |^mkdir -p ops |^docker compose |^sh docker\/|RASTREIO_VERSION|^git pull$/, DOCKER],
  [/^npm start\b/, STARTS],
  [/^(export )?[A-Z_]+=|\b(FILE|COMMAND)\b/, PLACEHOLDER],
  [/^npm run -s key -- |^echo 'keys:'/, WRITES],
  [
    /^npx rastreio (http|completion fish \| source)$/,
    { why: 'a service, or for a shell; cli has its tests' },
  ],
  [/^npm run [a-z:]+( -- (show|replay))?$|^npx rastreio$/, NAME_ONLY],
];

/** Of a command; undefined where none is said. */
export function fateOf(command: string): Fate | undefined {
  return FATES.find(([pattern]) => pattern.test(command))?.[1];
}
