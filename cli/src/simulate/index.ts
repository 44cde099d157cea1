import { EXIT, OperatorError, replaceFile, type Log } from '@rastreio/runtime';
import { GroundTruth, promisesCsv, writeTruth } from '@rastreio/simulator';
import type { Command } from 'commander';
import { findAnsweringKafka } from '../common/kafka';
import { commandLog, printResult, progressStream, say } from '../common/output';
import { emit, nothingEmitted, type Emitted } from './emit';
import { addOptions, withProfile, type SimulateOptions } from './options';
import { readProfile } from './profile';
import { createReporter, figures } from './report';
import { prepareRun, type Run } from './run';
import { dryTarget, fileTarget } from './targets/file';
import { httpTarget } from './targets/http';
import { kafkaTarget } from './targets/kafka';
import { serveTarget } from './targets/serve';
import type { Target } from './targets/target';

/** Sends simulated tracking events. */
export function addSimulate(command: Command): void {
  addOptions(command).action(simulate);
}

async function simulate(given: SimulateOptions, command: Command): Promise<void> {
  const options =
    given.profile === undefined ? given : withProfile(given, await readProfile(given.profile), command);
  const log = commandLog('simulate');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const reporter = createReporter(progressStream(), options.logJson === true);
  const run = await prepareRun(options, Date.now(), log);
  if (options.promises !== undefined && run.carrier !== null)
    await replaceFile(options.promises, promisesCsv(run.carrier.promises()));
  const target = await openTarget(options, stop.signal, log);
  const truth = options.groundTruth === undefined ? undefined : new GroundTruth();
  const emitted = nothingEmitted();
  try {
    reporter.start(run.title, run.total);
    await emit(
      {
        ...run,
        target,
        truth,
        skip: options.skip ?? 0,
        signal: stop.signal,
        onProgress: (sofar, last) => {
          reporter.progress(sofar);
          run.state.remember(last.dueMs);
        },
      },
      emitted,
    );
    await run.state.settle();
    if (options.serve !== undefined) await untilAborted(stop.signal);
  } finally {
    reporter.finish(emitted);
    await target.close();
  }
  if (truth !== undefined && options.groundTruth !== undefined)
    await writeTruth(options.groundTruth, truth, { seed: run.seed, refusedAtSource: emitted.refused });
  const summary = { seed: run.seed, asked_rate: run.askedRate, ...figures(emitted) };
  // With --out - stdout is the events' alone.
  printResult('simulate', summary, options.out === '-' ? process.stderr : process.stdout);
  complain(emitted, run, options, stop.signal);
}

async function openTarget(options: SimulateOptions, signal: AbortSignal, log: Log): Promise<Target> {
  const { url, out, serve, dryRun, format, json } = options;
  const chosen = [url, out, serve, dryRun].filter((option) => option !== undefined);
  if (chosen.length > 1)
    throw new OperatorError(
      '--url, --out, --serve and --dry-run exclude each other; give one of them',
      EXIT.usage,
    );
  if (json === true && (out === '-' || options.logJson === true))
    throw new OperatorError('--json leaves no room for --out - or --log-json; leave one out', EXIT.usage);
  if (format !== undefined && out === undefined)
    throw new OperatorError('--format goes with --out FILE; add it', EXIT.usage);
  if (options.groundTruth !== undefined && (serve !== undefined || options.state !== undefined))
    throw new OperatorError(
      '--ground-truth needs a run that begins and ends; leave out --serve and --state',
      EXIT.usage,
    );
  if (options.fit !== undefined && (options.scenario === 'original' || options.state !== undefined))
    throw new OperatorError(
      '--fit goes neither with --scenario original nor with --state; leave one out',
      EXIT.usage,
    );
  if (options.promises !== undefined && options.scenario === 'original')
    throw new OperatorError('the original promises nothing; leave out --promises or --scenario', EXIT.usage);
  const { skip, seed, start, count, parcels } = options;
  if (skip !== undefined && (seed === 0 || start === undefined || (count ?? parcels) === undefined))
    throw new OperatorError(
      '--skip goes on with another run; give its --seed, --start and --count or --parcels',
      EXIT.usage,
    );
  if (dryRun === true) return dryTarget();
  if (out !== undefined) return fileTarget(out, format ?? (/\.csv$/i.test(out) ? 'csv' : 'ndjson'));
  if (url !== undefined) return httpTarget({ url, apiKey: process.env.RASTREIO_API_KEY, signal, log });
  if (serve === undefined) return kafkaTarget(await findAnsweringKafka(options, signal), log);
  const api = await serveTarget({ host: '127.0.0.1', port: serve, errorShare: options.apiErrors });
  say(`carrier's API at ${api.url}`);
  return api;
}

/** A carrier's API stays up after the last event. */
function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** @throws OperatorError when less was sent than asked for */
function complain(emitted: Emitted, { total }: Run, options: SimulateOptions, signal: AbortSignal): void {
  if (signal.aborted) return;
  if (emitted.notSent > 0)
    throw new OperatorError(
      `${emitted.notSent} messages were due and not sent; ask for a lower --rate, or look why the target is slow`,
    );
  const events = emitted.tally.event + emitted.tally.late;
  // A rate with a duration may well end before the count does.
  if (total === undefined || events >= total || options.duration !== undefined) return;
  throw new OperatorError(
    `asked for ${total} events, but the world had only ${events} before now; give an earlier --start or another --seed`,
  );
}
