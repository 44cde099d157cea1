import { randomInt } from 'node:crypto';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, createPublisher } from '@rastreio/kafka';
import { createLog, EXIT, OperatorError } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { brokersOption, numberIn } from '../options';
import { emit, type Tally } from './emit';
import { FAULTS, NO_FAULTS, parseFaults, withFaults, type FaultRates, type Message } from './faults';
import { parseDuration, planRun } from './plan';
import { createReporter } from './report';
import { SEED_EVENTS } from './seedScenario';
import { readState, writeState } from './state';
import { worldEvents, type SimulatedEvent, type TimedEvent } from './world';

interface SimulateOptions {
  brokers: string;
  scenario: 'world' | 'seed';
  seed: number;
  rate: number;
  count?: number;
  duration?: number;
  backfill: number;
  start?: Date;
  faults: FaultRates;
  state?: string;
}

const DAY = 24 * 3_600_000;

/** Adds `simulate` to the program. */
export function addSimulate(program: Command): void {
  const faultHelp = Object.entries(FAULTS)
    .map(([name, text]) => `  ${name.padEnd(10)} ${text}`)
    .join('\n');
  program
    .command('simulate')
    .description('publish simulated tracking events to Kafka')
    .addOption(brokersOption())
    .addOption(
      new Option(
        '--scenario <name>',
        'world: packages living their lives; seed: the three events of the original',
      )
        .choices(['world', 'seed'])
        .default('world'),
    )
    .option(
      '--seed <n>',
      'same seed, start, rate and count: same events; 0 draws one and reports it',
      numberIn(0, 2 ** 31 - 1, true),
      0,
    )
    .option('--rate <n>', 'events per second; 0 is as fast as possible', numberIn(0, 1e6), 10)
    .option('--count <n>', 'stop after this many events of a past world', numberIn(1, 1e9, true))
    .option(
      '--duration <time>',
      'stop after rate x time events of a past world (90s, 15m, 12h)',
      parseDuration,
    )
    .option(
      '--backfill <time>',
      'without --count and --duration: history to send at once before going live',
      parseDuration,
      0,
    )
    .option('--start <instant>', 'when the world begins, ISO 8601', parseInstant)
    .option(
      '--faults <list>',
      'shares of faults, such as dup=.01,late=.02,malformed=.005 (see below)',
      parseFaults,
      NO_FAULTS,
    )
    .option('--state <file>', 'live runs: remember how far the world has come and go on from there')
    .addHelpText('after', `\nFaults:\n${faultHelp}\n\nExit codes: 0 done, 1 failed, 2 usage.`)
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const log = createLog('simulate', 'warn', 'stderr');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const reporter = createReporter(process.stderr);
  const run = await prepare(options);
  const publisher = await createPublisher(
    createKafka({ brokers: options.brokers, clientId: 'rastreio-simulate', log }),
    TOPIC_EVENTS,
    log,
  );
  try {
    reporter.start(run.title, run.total);
    const tally = await emit({
      messages: run.messages,
      publisher,
      ratePerSecond: run.ratePerSecond,
      live: run.live,
      signal: stop.signal,
      onProgress: (sent, last) => {
        reporter.progress(sent);
        run.remember(last);
      },
    });
    await run.settle();
    reporter.finish(tally);
    process.stdout.write(`${JSON.stringify({ command: 'simulate', seed: run.seed, ...tally })}\n`);
    warnIfShort(tally, run.total, stop.signal);
  } finally {
    await publisher.close();
  }
}

interface Run {
  readonly title: string;
  readonly seed: number;
  readonly messages: Iterable<Message>;
  readonly live: boolean;
  readonly ratePerSecond: number;
  /** Events to send, undefined for a run without end. */
  readonly total: number | undefined;
  readonly remember: (last: Message) => void;
  readonly settle: () => Promise<void>;
}

async function prepare(options: SimulateOptions): Promise<Run> {
  const nothing = { remember: () => undefined, settle: () => Promise.resolve() };
  if (options.scenario === 'seed') {
    const messages = SEED_EVENTS.map(toMessage);
    return {
      title: 'the seed’s three events',
      seed: 0,
      messages,
      live: false,
      ratePerSecond: 0,
      total: messages.length,
      ...nothing,
    };
  }
  const known = options.state === undefined ? undefined : await readState(options.state);
  const seed = known?.seed ?? (options.seed === 0 ? randomInt(1, 2 ** 31) : options.seed);
  const rate = known?.rate ?? options.rate;
  const nowMs = Date.now();
  const plan = planRun({
    seed,
    rate,
    count: options.count,
    durationMs: options.duration,
    backfillMs: options.backfill,
    startMs: known?.startMs ?? options.start?.getTime(),
    nowMs,
  });
  if (known !== undefined && !plan.live)
    throw new OperatorError('--state is for live runs; leave out --count and --duration', EXIT.usage);
  const events = limited(worldEvents(plan.world), plan.maxEvents, plan.live ? Infinity : nowMs);
  const messages = after(withFaults(events, options.faults, seed), known?.sentUntilMs ?? -Infinity);
  const bounded = Number.isFinite(plan.maxEvents);
  const title = bounded
    ? `seed ${seed}: ${plan.maxEvents} events since ${iso(plan.world.startMs)}`
    : `seed ${seed}: live at ${rate} events/s, history since ${iso(known?.sentUntilMs ?? plan.world.startMs)}`;
  const run = {
    title,
    seed,
    messages,
    live: plan.live,
    ratePerSecond: plan.ratePerSecond,
    total: bounded ? plan.maxEvents : undefined,
  };
  return {
    ...run,
    ...(options.state === undefined
      ? nothing
      : remembering(options.state, { seed, rate, startMs: plan.world.startMs })),
  };
}

/** Keeps the state file at most one write behind, without holding the sender up. */
function remembering(
  file: string,
  world: { seed: number; rate: number; startMs: number },
): Pick<Run, 'remember' | 'settle'> {
  let writing: Promise<void> | undefined;
  let sentUntilMs: number | undefined;
  const write = async () => {
    for (let saved: number | undefined; sentUntilMs !== undefined && saved !== sentUntilMs;) {
      saved = sentUntilMs;
      await writeState(file, { ...world, sentUntilMs: saved });
    }
    writing = undefined;
  };
  return {
    remember: (last) => {
      sentUntilMs = last.dueMs;
      writing ??= write();
    },
    settle: async () => writing,
  };
}

function* limited(events: Iterable<TimedEvent>, maxEvents: number, untilMs: number): Generator<TimedEvent> {
  let sent = 0;
  for (const event of events) {
    if (event.atMs > untilMs || sent++ >= maxEvents) return;
    yield event;
  }
}

function* after(messages: Iterable<Message>, sentUntilMs: number): Generator<Message> {
  for (const message of messages) if (message.dueMs > sentUntilMs) yield message;
}

function toMessage(event: SimulatedEvent): Message {
  return { kind: 'event', dueMs: 0, key: String(event.id_pacote), value: JSON.stringify(event) };
}

function warnIfShort(tally: Tally, total: number | undefined, signal: AbortSignal): void {
  const events = tally.event + tally.late;
  if (total === undefined || signal.aborted || events >= total) return;
  process.stderr.write(
    `asked for ${total} events, but the world had only ${events} before now; give an earlier --start or another --seed\n`,
  );
}

function parseInstant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new OperatorError(`--start: "${text}" is no instant; use 2026-11-01T00:00:00Z`, EXIT.usage);
  return date;
}

function iso(ms: number): string {
  return new Date(ms - (ms % DAY === 0 ? 0 : ms % 1000)).toISOString().replace('.000Z', 'Z');
}
