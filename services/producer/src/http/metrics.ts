import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export interface HttpMetrics {
  readonly registry: Registry;
  readonly accepted: (events: number, seconds: number) => void;
  readonly refused: (status: number) => void;
}

/** The HTTP source's Prometheus metrics. */
export function createHttpMetrics(): HttpMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const accepted = new Counter({
    name: 'rastreio_http_accepted_events_total',
    help: 'Events answered with 202.',
    registers,
  });
  const refused = new Counter({
    name: 'rastreio_http_refused_requests_total',
    help: 'Requests refused, by status.',
    labelNames: ['status'],
    registers,
  });
  const duration = new Histogram({
    name: 'rastreio_http_accept_duration_seconds',
    help: 'From a request’s body to Kafka’s acknowledgement.',
    registers,
  });
  return {
    registry,
    accepted: (events, seconds) => {
      accepted.inc(events);
      duration.observe(seconds);
    },
    refused: (status) => refused.inc({ status }),
  };
}
