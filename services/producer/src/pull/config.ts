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
  /** Sent as `Authorization: Bearer`, unless one of the two after it says where else. */
  PULL_API_KEY: z.string().min(1).optional(),
  /** Name of a header in which the key is sent as it is, such as x-api-key. */
  PULL_KEY_HEADER: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'needs the name of a header, such as x-api-key')
    .optional(),
  /** Name of a parameter of the address in which the key is sent. */
  PULL_KEY_QUERY: z
    .string()
    .regex(/^[\w.~-]{1,100}$/, 'needs the name of a parameter, such as token')
    .optional(),
  /** Name of the source profile by which each answer is read; left out, answers hold events in our own form. */
  PULL_PROFILE: z.string().min(1).optional(),
  /** Folder of the source profiles. */
  SOURCE_PROFILES: z.string().min(1).default('config/sources'),
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
