import { Gauge, type Registry } from 'prom-client';

/** The servers that the consumer depends on. */
type Server = 'database' | 'kafka';

/** When each server answered last: what a frozen one cannot tell itself. */
export interface Answers {
  readonly answered: (server: Server) => void;
  /** It answered that it cannot, or could not be reached. */
  readonly failed: (server: Server, reason: string) => void;
  /** Null while both answer, or the one that is asked about; else one sentence that says which of them does not and what to look at. */
  readonly missing: (server?: Server) => string | null;
}

const LOOK_AT = { database: 'the database at DATABASE_URL', kafka: 'Kafka at KAFKA_BROKERS' };
/** Several probes, and several of Kafka's long polls. */
export const SILENT_AFTER_MS = 30_000;
const PROBE_INTERVAL_MS = 5_000;

/** Keeps the times, as gauges too; both servers count as having answered at the start. */
export function createAnswers(registry: Registry, clock: () => number = Date.now): Answers {
  const last = { database: clock(), kafka: clock() };
  const failure: Partial<Record<Server, string>> = {};
  for (const server of ['database', 'kafka'] as const)
    new Gauge({
      name: `rastreio_${server}_answered_timestamp_seconds`,
      help: `When ${LOOK_AT[server]} last answered, Unix time.`,
      registers: [registry],
      collect() {
        this.set(last[server] / 1000);
      },
    });
  return {
    answered(server) {
      last[server] = clock();
      delete failure[server];
    },
    failed: (server, reason) => void (failure[server] = reason),
    missing(only) {
      for (const server of only === undefined ? (['kafka', 'database'] as const) : [only]) {
        const silentMs = clock() - last[server];
        if (silentMs >= SILENT_AFTER_MS)
          return `${LOOK_AT[server]} has not answered for ${Math.round(silentMs / 1000)} s; is it running, and can it be reached?`;
        if (failure[server] !== undefined) return `${LOOK_AT[server]} does not answer: ${failure[server]}`;
      }
      return null;
    },
  };
}

/** Asks the database again and again; the next question waits for the answer to the one before. @returns what ends it */
export function probeDatabase(ask: () => Promise<unknown>, answers: Answers): () => void {
  let asking = false;
  const probe = async () => {
    if (asking) return;
    asking = true;
    try {
      await ask();
      answers.answered('database');
    } catch (error) {
      answers.failed('database', error instanceof Error ? error.message : String(error));
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void probe(), PROBE_INTERVAL_MS);
  void probe();
  return () => clearInterval(timer);
}
