import { eventSettings } from '@rastreio/contract';
import { kafkaSettings } from '@rastreio/kafka';
import { EXIT, hostsOf, isLoopback, LOG_LEVELS, OperatorError } from '@rastreio/runtime';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Settings of the HTTP source; each is an environment variable. */
export const httpConfigSchema = z.object({
  ...kafkaSettings,
  /** Loopback unless told otherwise. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: port.default(8080),
  /** Further names by which the service may be asked for on loopback without keys, separated by commas: those of a proxy in front. */
  HTTP_NAMES: z
    .string()
    .default('')
    .transform((names) => names.split(',').map((name) => name.trim().toLowerCase()))
    .transform((names) => names.filter((name) => name !== '')),
  /** Where others reach HTTP_HOST, if not by itself: the address to which a container's port is bound. Decides in its place who others are. */
  HTTP_PUBLISHED_ON: z.string().min(1).optional(),
  /** Where /metrics is, apart from what carriers can reach. */
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: port.default(9102),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Whether a request needs a carrier's key: on unless only this machine reaches it. */
  HTTP_AUTH: z.enum(['on', 'off']).optional(),
  /** YAML with the carriers' keys and limits, see docs/ingestion.md; read again when it changes. */
  API_KEYS_FILE: z.string().min(1).optional(),
  /** How long the keys read last stay good while the file cannot be read. */
  API_KEYS_GRACE_SECONDS: z.coerce.number().min(0).max(86_400).default(900),
  /** Largest JSON body, in bytes. NDJSON bodies may have any size. */
  MAX_BODY_BYTES: z.coerce.number().int().min(1024).default(1_048_576),
  /** Largest NDJSON body after unpacking (Content-Encoding), in bytes; what comes unpacked may have any size. */
  MAX_UNPACKED_BYTES: z.coerce.number().int().min(1024).default(67_108_864),
  /** Most events in one JSON body. */
  MAX_EVENTS_PER_REQUEST: z.coerce.number().int().min(1).default(5_000),
  /** Events taken in and not yet acknowledged by Kafka; beyond it the answer is 503. Bounds the memory. */
  MAX_PENDING_EVENTS: z.coerce.number().int().min(1).default(50_000),
  /** Bytes of the bodies being read at a time; beyond it the answer is 503. Bounds the memory. */
  MAX_PENDING_BYTES: z.coerce.number().int().min(1024).default(67_108_864),
  /** How long a request waits for Kafka before the answer is 503. */
  ACK_TIMEOUT_MS: z.coerce.number().int().min(100).max(20_000).default(10_000),
  /** How long a client may take to send a whole request. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(1_000).default(300_000),
  /** How long a body may stand still, or bring less than BODY_BYTES_PER_SECOND, before the answer is 408. */
  BODY_STALL_MS: z.coerce.number().int().min(100).default(10_000),
  BODY_BYTES_PER_SECOND: z.coerce.number().int().min(1).default(500),
  /** Folder of the source profiles that are served at /fontes/{perfil}; where it is unset, config/sources if that is there. */
  SOURCE_PROFILES: z.string().min(1).optional(),
  ...eventSettings,
});

export type HttpConfig = z.infer<typeof httpConfigSchema>;

/**
 * The names by which the service may be asked for; undefined, any, where a key is asked for or others reach it anyway: then a
 * page of another site gains nothing by a name that resolves here.
 */
export function servedHosts(config: HttpConfig, keysNeeded: boolean): readonly string[] | undefined {
  const hosts = keysNeeded ? undefined : hostsOf(reachedBy(config));
  return hosts === undefined ? undefined : [...hosts, ...config.HTTP_NAMES];
}

/**
 * The file with the carriers' keys, or undefined where nobody needs one.
 *
 * @throws OperatorError (exit code 78) when keys are needed and there are none
 */
export function keysFile(config: HttpConfig): string | undefined {
  const { HTTP_AUTH, HTTP_PUBLISHED_ON, API_KEYS_FILE } = config;
  const own =
    isLoopback(reachedBy(config)) && (API_KEYS_FILE === undefined || HTTP_PUBLISHED_ON !== undefined);
  if ((HTTP_AUTH ?? (own ? 'off' : 'on')) === 'off') return undefined;
  if (API_KEYS_FILE === undefined)
    throw new OperatorError(
      `HTTP_HOST=${config.HTTP_HOST} is reachable by others, so carriers need keys: set API_KEYS_FILE (make keys with "npm run key"), or HTTP_AUTH=off if something in front of it asks for them`,
      EXIT.config,
    );
  return API_KEYS_FILE;
}

/** The address by which others come. */
function reachedBy({ HTTP_HOST, HTTP_PUBLISHED_ON }: HttpConfig): string {
  return HTTP_PUBLISHED_ON ?? HTTP_HOST;
}
