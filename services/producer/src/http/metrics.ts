import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface HttpMetrics {
  readonly registry: Registry;
  readonly accepted: (carrier: string, events: number) => void;
  /** Events refused, by what was wrong with them. */
  readonly refused: (carrier: string, reason: string, events?: number) => void;
  readonly answered: (status: number, seconds: number) => void;
  readonly pending: (events: number) => void;
  /** What the last look at the file of keys found. */
  readonly keys: (count: number, readable: boolean) => void;
}

/** The HTTP source's Prometheus metrics. */
export function createHttpMetrics(): HttpMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const accepted = new Counter({
    name: 'rastreio_http_accepted_events_total',
    help: 'Events that Kafka acknowledged, by carrier (anonymous where no key is asked for).',
    labelNames: ['carrier'],
    registers,
  });
  const refused = new Counter({
    name: 'rastreio_http_refused_events_total',
    help: 'Events refused as invalid, by carrier and reason.',
    labelNames: ['carrier', 'reason'],
    registers,
  });
  const duration = new Histogram({
    name: 'rastreio_http_request_duration_seconds',
    help: 'From a request’s headers to the end of its answer, by status, POST /eventos only.',
    labelNames: ['status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const pending = new Gauge({
    name: 'rastreio_http_pending_events',
    help: 'Events handed to Kafka and not yet acknowledged.',
    registers,
  });
  const keys = new Gauge({
    name: 'rastreio_http_keys',
    help: 'Keys of carriers that are in use; absent where no key is asked for.',
    registers: [],
  });
  const keysReadable = new Gauge({
    name: 'rastreio_http_keys_readable',
    help: '1 while the file of keys can be read, else 0: then its last keys stay for API_KEYS_GRACE_SECONDS.',
    registers: [],
  });
  return {
    registry,
    accepted: (carrier, events) => accepted.inc({ carrier }, events),
    refused: (carrier, reason, events = 1) => refused.inc({ carrier, reason }, events),
    answered: (status, seconds) => duration.observe({ status }, seconds),
    pending: (events) => pending.set(events),
    keys(count, readable) {
      registry.registerMetric(keys);
      registry.registerMetric(keysReadable);
      keys.set(count);
      keysReadable.set(Number(readable));
    },
  };
}
