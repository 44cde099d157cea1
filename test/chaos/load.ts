import { readFileSync } from 'node:fs';
import { OperatorError } from '@rastreio/runtime';
import { serviceChild, startChild, type Child } from '@rastreio/stack';

export interface LoadOptions {
  readonly dir: string;
  readonly brokers: string;
  readonly seed: number;
  readonly events: number;
  readonly truthFile: string;
}

const FAULTS =
  'dup=.02,late=.02,malformed=.004,unknown=.002,naive=.002,future=.002,conflict=.005,mistake=.001';
/** Share of the parcels that messages name by carrier and tracking number. */
const CODED = '.3';
const START = '2026-01-01T00:00:00Z';

/**
 * The producer: the simulator's world, sent once and kept up for as long as there are faults. After the world's end it is
 * sent again from the beginning: a load that no table may show.
 */
export interface Load {
  readonly start: (messagesPerSecond: number) => void;
  /** Holds the producer (SIGSTOP) while more than this has been sent, so that later faults have their load, too. */
  readonly regulate: (sent: number, allowed: number) => void;
  /** SIGKILL and, after a while, a new process that goes on. */
  readonly killAndGoOn: (wait: () => Promise<unknown>) => Promise<void>;
  /** Settles when the whole world has been sent and its ground truth is written. @throws OperatorError if the producer failed */
  readonly wholeWorld: Promise<void>;
  /** Sends the world again, at this rate, until {@link stop}. */
  readonly startAgain: (messagesPerSecond: number) => void;
  /** Whether the world is out and what is sent now only repeats it. */
  readonly repeats: () => boolean;
  readonly stop: () => Promise<void>;
}

/** A producer for one run; nothing is sent before `start`. */
export function createLoad(options: LoadOptions): Load {
  let current: Child | undefined;
  let [runs, rate, skip] = [0, 1, 0];
  let [held, repeating] = [false, false];
  let settle: { resolve: () => void; reject: (error: Error) => void };
  const wholeWorld = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  // Whoever waits for it sees the rejection; until somebody does, it must not end the process.
  wholeWorld.catch(() => undefined);

  const launch = (more: readonly string[]): Child => {
    const started = startChild(
      serviceChild(`producer-${++runs}`, 'rastreio', [...arguments_(options, rate), ...more], options.dir, {
        NODE_ENV: 'production',
      }),
    );
    current = started;
    held = false;
    return started;
  };
  const sendWorld = () => {
    const started = launch(['--skip', String(skip), '--ground-truth', options.truthFile]);
    void started.ended.then((how) => {
      // Killed by us: another one goes on.
      if (current !== started) return;
      if (how === 'exit code 0') {
        settle.resolve();
        repeat();
      } else
        settle.reject(new OperatorError(`the producer ended with ${how}. Its log:\n${started.tail(40)}`));
    });
  };
  const repeat = () => {
    repeating = true;
    const started = launch([]);
    void started.ended.then(() => {
      if (current === started) repeat();
    });
  };
  const end = async () => {
    const victim = current;
    current = undefined;
    victim?.kill();
    await victim?.ended;
    return victim;
  };

  return {
    wholeWorld,
    repeats: () => repeating,
    start(messagesPerSecond) {
      rate = messagesPerSecond;
      sendWorld();
    },
    regulate(sent, allowed) {
      if (current === undefined || !current.isRunning() || sent > allowed === held) return;
      held = !held;
      process.kill(current.pid, held ? 'SIGSTOP' : 'SIGCONT');
    },
    async killAndGoOn(wait) {
      const victim = await end();
      if (victim !== undefined && !repeating) skip += acknowledged(victim);
      await wait();
      if (repeating) repeat();
      else sendWorld();
    },
    startAgain(messagesPerSecond) {
      rate = messagesPerSecond;
      repeat();
    },
    stop: async () => void (await end()),
  };
}

function arguments_({ brokers, seed, events }: LoadOptions, rate: number): string[] {
  const world = [
    '--seed',
    String(seed),
    '--start',
    START,
    '--count',
    String(events),
    '--faults',
    FAULTS,
    '--coded',
    CODED,
  ];
  return ['simulate', ...world, '--rate', String(rate), '--brokers', brokers, '--log-json'];
}

/** Messages of which a killed producer had said that Kafka has them: what it sent after that is sent again. */
function acknowledged({ logFile }: Child): number {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  for (const line of lines.reverse()) {
    const sent = /"sent":(\d+).*"msg":"sending"/.exec(line)?.[1];
    if (sent !== undefined) return Number(sent);
  }
  return 0;
}
