import { TOPIC_EVENTS, type Rejection } from '@rastreio/contract';
import { ROLES } from '@rastreio/database';
import {
  assertAdmitted,
  createBrokerProbe,
  createKafka,
  createBatchingPublisher,
  createPublisher,
  type KafkaConnection,
  type Publisher,
} from '@rastreio/kafka';
import { createFailpoint, EXIT, OperatorError, printable, wholeNumber } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import type { Pool } from 'pg';
import { addBrokers, addDatabase, exitCodes, toRules, type PlaceOptions } from '../common/options';
import { commandLog, printResult, say } from '../common/output';
import { findKafka } from '../common/where';
import { accept } from './accept';
import { addFolder, findProfile, type FolderOptions } from '../source/folder';
import { withDatabase } from './command';
import {
  addFilters,
  addRules,
  collectSet,
  isFiltered,
  toSelection,
  type FilterOptions,
  type ReadingOptions,
} from './options';
import { formatPlace, parsePlace, type Place } from './place';
import { asEvent, byProfile } from './readLetter';
import { createRepair, type Field } from './repair';
import { replay, type ReplayOptions } from './replay';
import type { Selection } from './selection';

interface Options extends FilterOptions, ReadingOptions, PlaceOptions, FolderOptions {
  readonly profile?: string;
  readonly all: boolean;
  readonly set?: Partial<Record<Field, string>>;
  readonly dryRun: boolean;
  readonly again: boolean;
  readonly accept: boolean;
  readonly note?: string;
  readonly limit?: number;
}

/** About 20 seconds for a broker that goes away half-way: then a person decides. */
const RETRY = { retries: 8, initialRetryTime: 200, maxRetryTime: 3_000 };
const LISTED_IN_RESULT = 1_000;
const HELP = `
Each letter is read again, corrected by --set and the other options, and checked by the contract; what is valid then goes to
${TOPIC_EVENTS} with its parcel as key and the header rastreio.reprocessado_de, and is marked once Kafka has it. What is still
invalid is listed and not sent. Replaying again does nothing: settled letters are passed over. Where a replay was cut off between
Kafka and the mark, the event is sent twice, which the consumer counts as a duplicate.

Examples:
  npm run dlq -- replay --reason naive_timestamp --naive-timezone America/Sao_Paulo --dry-run
  npm run dlq -- replay eventos_rastreamento:3:1711 --set origem=Natal --set id_pacote=1333
  npm run dlq -- replay --reason invalid_utf8 --encoding latin1
  npm run dlq -- replay --reason unreadable_payload --profile aftership
  npm run dlq -- replay --reason tombstone --until 7d --accept --note "test messages"
${exitCodes('done', 'some are still invalid or not there, or it failed', 'migrations are missing')}`;

/** Adds `replay` to the program. */
export function addReplay(program: Command): void {
  addFolder(addBrokers(addDatabase(addRules(addFilters(program.command('replay'))), ROLES.writer)))
    .argument('[places...]', 'TOPIC:PARTITION:OFFSET of each; else the open ones that the filters choose')
    .description('send dead letters through Kafka again, corrected, or accept them as they are')
    .option('--all', 'all open ones, without a filter', false)
    .option('--limit <n>', 'at most so many', wholeNumber(1))
    .option('--dry-run', 'say what would be done', false)
    .option('--set <field=value>', 'replace the value of a field; repeatable', collectSet)
    .option('--again', 'also those that are settled already', false)
    .option('--note <text>', 'why, kept with the letters')
    .addOption(
      new Option(
        '--accept',
        'mark open ones as settled without sending anything: a person decided that they are worthless',
      )
        .default(false)
        .conflicts(['set', 'again']),
    )
    .addOption(
      new Option(
        '--profile <name>',
        'read each letter as a payload of this source (docs/sources.md); all of it must be read',
      ).conflicts(['set', 'accept', 'encoding']),
    )
    .addHelpText('after', HELP)
    .action(run);
}

async function run(texts: string[], options: Options): Promise<void> {
  const selection = select(texts, options);
  await withDatabase(options, (pool) =>
    options.accept ? runAccept(pool, selection, options) : runReplay(pool, selection, options),
  );
}

/** @throws OperatorError (usage) when nothing says which letters are meant */
function select(texts: readonly string[], options: Options): Selection {
  const places = texts.length > 0 ? texts.map(parsePlace) : undefined;
  if (places === undefined && !isFiltered(options) && !options.all)
    throw new OperatorError(
      'Say which dead letters are meant: places, filters such as --reason, or --all; see --help',
      EXIT.usage,
    );
  // Settled letters that are named are looked at and passed over, so that they can be told from those that do not exist.
  const state = places === undefined && !options.again ? 'open' : 'all';
  return { ...toSelection(options, state), places, profile: options.profile };
}

async function runReplay(pool: Pool, selection: Selection, options: Options): Promise<void> {
  const { dryRun, again, limit, note, set, encoding } = options;
  const rules = toRules(options);
  const read =
    options.profile === undefined
      ? asEvent(createRepair({ rules, set, encoding }))
      : byProfile(await findProfile(options.profile, options.profiles), rules);
  const invalid: ({ place: string } & Rejection)[] = [];
  const replayOptions: ReplayOptions = {
    selection,
    limit,
    dryRun,
    again,
    note,
    onReplayed: (place, event) =>
      tell(`${dryRun ? 'would send' : 'sent'} ${formatPlace(place)}: ${JSON.stringify(event)}`),
    onInvalid(place, rejections) {
      for (const rejection of rejections) tell(`invalid ${formatPlace(place)}: ${rejection.detail}`);
      if (invalid.length < LISTED_IN_RESULT) invalid.push({ place: formatPlace(place), ...rejections[0] });
    },
  };
  const failpoint = createFailpoint(['before_mark'], process.env.FAILPOINT);
  const parts = { pool, read, beforeMark: () => failpoint('before_mark') };
  const summary = dryRun
    ? await replay({ ...parts, publisher: NO_PUBLISHER }, replayOptions)
    : await withPublisher(await findKafka(options), (publisher) =>
        replay({ ...parts, publisher }, replayOptions),
      );
  const missing = missingOf(selection, summary.replayed + summary.invalid + summary.skipped);
  printResult('dlq replay', { dry_run: dryRun, ...summary, missing, still_invalid: invalid });
  const verb = dryRun ? 'would be sent' : 'sent';
  conclude(
    [`${summary.replayed} ${verb}`, `${summary.invalid} still invalid`, `${summary.skipped} passed over`],
    missing,
    summary.invalid > 0,
  );
}

async function runAccept(pool: Pool, selection: Selection, options: Options): Promise<void> {
  const { dryRun, limit, note } = options;
  const verb = dryRun ? 'would accept' : 'accepted';
  const onAccepted = (place: Place) => tell(`${verb} ${formatPlace(place)}`);
  const summary = await accept(pool, { selection, limit, dryRun, note, onAccepted });
  const missing = missingOf(selection, summary.accepted + summary.skipped);
  printResult('dlq replay', { dry_run: dryRun, ...summary, missing });
  conclude([`${verb} ${summary.accepted}`, `${summary.skipped} passed over`], missing, false);
}

/** How many of the places that were named are not in the table. */
function missingOf({ places }: Selection, found: number): number {
  return places === undefined ? 0 : new Set(places.map(formatPlace)).size - found;
}

/** @throws OperatorError when something is left for a person to do */
function conclude(parts: readonly string[], missing: number, isWrong: boolean): void {
  const text = [...parts, ...(missing > 0 ? [`${missing} not there or not chosen by the filters`] : [])].join(
    ', ',
  );
  if (isWrong || missing > 0) throw new OperatorError(text);
  tell(text);
}

function tell(text: string): void {
  say(printable(text));
}

const NO_PUBLISHER: Publisher = {
  send: () => Promise.reject(new Error('a dry run sends nothing')),
  close: () => Promise.resolve(),
};

async function withPublisher<T>(
  connection: KafkaConnection,
  use: (publisher: Publisher) => Promise<T>,
): Promise<T> {
  // kafkajs's own lines about a broker that is away would hide the sentence below.
  const log = commandLog('dlq', 'error');
  const client = { ...connection, clientId: 'rastreio-dlq', log };
  await assertAdmitted({ ...connection, log });
  const probe = createBrokerProbe(
    createKafka({ ...client, retry: { retries: 0 } }),
    TOPIC_EVENTS,
    connection.security,
  );
  const problem = await probe.check();
  await probe.close();
  if (problem !== null)
    throw new OperatorError(`${printable(problem)}. Nothing was sent and no dead letter marked.`);
  const kafka = createKafka({ ...client, retry: RETRY });
  const publisher = createBatchingPublisher(
    await createPublisher(kafka, TOPIC_EVENTS, log, { lazy: true, retry: RETRY }),
  );
  try {
    return await use({
      close: () => publisher.close(),
      send: (messages) =>
        publisher.send(messages).catch((error: Error) => {
          throw new OperatorError(
            `Kafka did not take ${messages.length} events: ${error.message}. Their dead letters are not marked, those before ` +
              'them are. Check the broker and run the command again.',
            EXIT.wrong,
            { cause: error },
          );
        }),
    });
  } finally {
    await publisher.close();
  }
}
