import { DEFAULT_MAX_FUTURE_SKEW_MS, isTimezone } from '@rastreio/contract';
import { LOG_LEVELS } from '@rastreio/runtime';
import { z } from 'zod';

/** Settings of the HTTP source; each is an environment variable. */
export const httpConfigSchema = z.object({
  KAFKA_BROKERS: z.string().min(1).default('localhost:9094'),
  /** Loopback unless told otherwise: the service has no keys yet. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Largest body, in bytes. */
  MAX_BODY_BYTES: z.coerce.number().int().min(1024).default(1_048_576),
  /** Most events in one request. */
  MAX_EVENTS_PER_REQUEST: z.coerce.number().int().min(1).default(5_000),
  /** Events taken in and not yet acknowledged by Kafka; beyond it the answer is 503. Bounds the memory. */
  MAX_PENDING_EVENTS: z.coerce.number().int().min(1).default(50_000),
  /** How long a request waits for Kafka before the answer is 503. */
  ACK_TIMEOUT_MS: z.coerce.number().int().min(100).default(10_000),
  MAX_FUTURE_SKEW_HOURS: z.coerce
    .number()
    .min(0)
    .default(DEFAULT_MAX_FUTURE_SKEW_MS / 3_600_000),
  NAIVE_TIMEZONE: z
    .string()
    .refine(isTimezone, 'is no IANA time zone; use one such as America/Sao_Paulo')
    .optional(),
});

export type HttpConfig = z.infer<typeof httpConfigSchema>;
