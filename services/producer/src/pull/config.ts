import { eventSettings } from '@rastreio/contract';
import { kafkaSettings } from '@rastreio/kafka';
import { LOG_LEVELS } from '@rastreio/runtime';
import { z } from 'zod';

/** Settings of the pull source; each is an environment variable. */
export const pullConfigSchema = z.object({
  /** Where the carrier's events are, such as https://carrier.example/eventos; http only for loopback. */
  PULL_URL: z
    .url({ protocol: /^https?$/, error: 'needs an address such as https://carrier.example/eventos' })
    .refine(
      (url) => url.startsWith('https:') || /^http:\/\/(127\.|localhost|\[::1\])/.test(url),
      'must be https: the key and the events would travel in the open',
    ),
  /** Sent as `Authorization: Bearer`. */
  PULL_API_KEY: z.string().min(1).optional(),
  /** How long to wait when there is nothing new. */
  PULL_INTERVAL_SECONDS: z.coerce.number().min(0.1).max(86_400).default(30),
  /** How long the carrier may take to answer. */
  PULL_TIMEOUT_SECONDS: z.coerce.number().min(1).max(600).default(60),
  /** Remembers how far we have read; on a disk that survives the container. */
  PULL_STATE_FILE: z.string({ error: 'needs the path of a file that survives restarts' }).min(1),
  ...kafkaSettings,
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9103),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ...eventSettings,
});
