import { z } from 'zod';

export const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

/** Where `docker compose` and a stack with its own ports have Kafka. */
const DEFAULT_BROKERS = 'localhost:9094';
const BROKER = /^[^\s:/,]+:\d{1,5}$/;

const text = z.string().min(1).optional();

/** How a client gets in beyond the address; each is an environment variable, and each may be left out. Of secrets, see takeSecretFiles. */
const securityFields = {
  KAFKA_SECURITY_PROTOCOL: z
    .enum(PROTOCOLS, { error: `needs one of ${PROTOCOLS.join(', ')}` })
    .default('PLAINTEXT'),
  KAFKA_SASL_MECHANISM: z.enum(MECHANISMS, { error: `needs one of ${MECHANISMS.join(', ')}` }).optional(),
  /** Of PLAIN and SCRAM. */
  KAFKA_SASL_USERNAME: text,
  KAFKA_SASL_PASSWORD: text,
  /** Files in PEM form: CAs that sign the brokers' certificates (those of Node.js where left out), and our own certificate. */
  KAFKA_SSL_CA: text,
  KAFKA_SSL_CERT: text,
  KAFKA_SSL_KEY: text,
  /** Of OAUTHBEARER: where tokens are given for client credentials (RFC 6749, 4.4), or `file:///...` with a token in it. */
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: text,
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: text,
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: text,
  KAFKA_SASL_OAUTHBEARER_SCOPE: text,
  /** NAME=VALUE, several separated by commas: SASL extensions that a provider asks for. */
  KAFKA_SASL_OAUTHBEARER_EXTENSIONS: text,
  /** A module of Node.js whose default export gives a token: for what no endpoint gives. */
  KAFKA_SASL_OAUTHBEARER_MODULE: text,
};

/** Every setting by which a program finds Kafka and gets in: names as in Kafka's own settings, in capitals. */
export const kafkaSettings = {
  /** `host:port`, several separated by commas. */
  KAFKA_BROKERS: z
    .string()
    .refine((brokers) => listBrokers(brokers).every((broker) => BROKER.test(broker)), {
      error:
        'needs HOST:PORT, several separated by commas, without a protocol before them (KAFKA_SECURITY_PROTOCOL says which)',
    })
    .default(DEFAULT_BROKERS),
  ...securityFields,
};

/** The brokers of a list. */
export function listBrokers(brokers: string): string[] {
  return brokers.split(',').map((broker) => broker.trim());
}

const schema = z.object(kafkaSettings);
export type KafkaSettings = z.infer<typeof schema>;

/** The schema for a program that has no other settings. */
export const kafkaSchema = schema;

/** Every setting of how to get in, empty: for a child process that talks to a broker of ours, whatever the environment says. */
export const NO_SECURITY: Readonly<Record<string, ''>> = Object.fromEntries(
  Object.keys(securityFields).flatMap((name) => [
    [name, ''],
    [`${name}_FILE`, ''],
  ]),
);
