import { OperatorError, replaceFile, type Log } from '@rastreio/runtime';
import { DIALECTS, GroundTruth, promisesCsv, writeTruth } from '@rastreio/simulator';
import type { Command } from 'commander';
import { findAnsweringKafka } from '../common/kafka';
import { commandLog, printResult, progressStream, say } from '../common/output';
import { emit, nothingEmitted, type Emitted } from './emit';
import { addOptions, withProfile, type SimulateOptions } from './options';
import { readProfile } from './profile';
import { createReporter, figures } from './report';
import { checkOptions } from './checkOptions';
import { prepareRun, type Run } from './run';
import { dryTarget, fileTarget } from './targets/file';
import { httpTarget } from './targets/http';
import { kafkaTarget } from './targets/kafka';
import { serveTarget } from './targets/serve';
import { sourceTarget } from './targets/source';
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
  checkOptions(options);
  const reporter = createReporter(progressStream(), options.logJson === true);
  const run = await prepareRun(options, Date.now(), log);
  if (options.promises !== undefined && run.carrier !== null)
    await replaceFile(options.promises, promisesCsv(run.carrier.promises()));
  const target = await openTarget(options, run.seed, stop.signal, log);
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

async function openTarget(
  options: SimulateOptions,
  seed: number,
  signal: AbortSignal,
  log: Log,
): Promise<Target> {
  const { url, out, serve, dryRun, format, profiles } = options;
  const dialect = options.as === undefined ? undefined : DIALECTS[options.as];
  const words = dialect?.format(seed);
  if (dryRun === true) return dryTarget(words);
  if (out !== undefined) return fileTarget(out, format ?? (/\.csv$/i.test(out) ? 'csv' : 'ndjson'), words);
  const apiKey = process.env.RASTREIO_API_KEY;
  if (url !== undefined && dialect !== undefined)
    return sourceTarget({ url, dialect, seed, profiles, apiKey, env: process.env, signal, log });
  if (url !== undefined) return httpTarget({ url, apiKey, signal, log });
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
