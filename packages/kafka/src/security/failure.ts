import { isNativeError } from 'node:util/types';
import { explainTlsFailure, printable, type Explained } from '@rastreio/runtime';
import { TokenNotTakenError } from './oauthBearer';
import { TokenRefusedError } from './tokenEndpoint';
import { TLS_NAMES, type KafkaSecurity } from './connection';

interface Failure extends Error {
  readonly code?: string | undefined;
  /** Of an error that a broker answered. */
  readonly type?: string | undefined;
}

/**
 * Says why a client is not let in, and what to do about it.
 *
 * @returns undefined for a failure of another kind, such as a broker that is away
 */
export function explainFailure(error: unknown, security: KafkaSecurity = {}): Explained | undefined {
  return firstOf(error, (cause) => explainOne(cause, security) ?? explainRight(cause));
}

/** Says which right a client lacks that was let in, and what to do about it. @returns undefined for a failure of another kind */
export function explainMissingRight(error: unknown): Explained | undefined {
  return firstOf(error, explainRight);
}

function firstOf(error: unknown, explain: (cause: Failure) => Explained | undefined): Explained | undefined {
  for (let cause = error; isNativeError(cause); cause = cause.cause) {
    const found = explain(cause);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** By the answer of an authorizer, the ACLs of which one is missing. */
const RIGHTS: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'READ of the topic for a consumer, WRITE for a source',
  GROUP_AUTHORIZATION_FAILED: 'READ of the consumer group',
  CLUSTER_AUTHORIZATION_FAILED: 'what the cluster itself is asked for (CREATE, IDEMPOTENT_WRITE)',
};
/** How kafkajs words it when nobody may use a group: it tells only its log, and the caller that there is no coordinator. */
const NO_GROUP = /^Not authorized to access group/;

/** Says what to do about an answer that kafkajs tells its log alone. @returns undefined for all others */
export function explainLogged(error: unknown): string | undefined {
  if (typeof error !== 'string' || !NO_GROUP.test(error)) return undefined;
  return lacksRight(error, RIGHTS.GROUP_AUTHORIZATION_FAILED ?? '').text;
}

function explainRight({ name, message, type = '' }: Failure): Explained | undefined {
  const right = RIGHTS[type];
  if (right !== undefined) return lacksRight(message, right);
  // kafkajs tells only its log why there is none.
  if (name === 'KafkaJSGroupCoordinatorNotFound')
    return {
      text: 'no broker says who coordinates the consumer group: the brokers are still starting, or this user may not ask (DESCRIBE or READ of the group, docs/clusters.md#rights)',
      permanent: false,
    };
  return undefined;
}

function lacksRight(answer: string, right: string): Explained {
  return {
    text: `this user lacks a right (${printable(answer)}): give it ${right} (docs/clusters.md#rights)`,
    permanent: true,
  };
}

function explainOne(error: Failure, { ssl, sasl }: KafkaSecurity): Explained | undefined {
  const { name, message, type = '' } = error;
  const code = typeof error.code === 'string' ? error.code : undefined;
  const mechanism = (sasl?.mechanism ?? '').toUpperCase();
  if (type === 'ILLEGAL_SASL_STATE')
    return {
      text: 'this listener asks for no name and password; set KAFKA_SECURITY_PROTOCOL to PLAINTEXT or SSL, or use the port of a SASL listener',
      permanent: true,
    };
  if (type === 'UNSUPPORTED_SASL_MECHANISM' || message.includes('mechanism is not supported'))
    return {
      text: `the broker does not offer ${mechanism}; set KAFKA_SASL_MECHANISM to one that it offers`,
      permanent: true,
    };
  if (error instanceof TokenRefusedError)
    return {
      text: `${message}; correct KAFKA_SASL_OAUTHBEARER_CLIENT_ID and KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET`,
      permanent: true,
    };
  if (error instanceof TokenNotTakenError)
    return {
      text: `the broker does not take this token (${printable(message)}); its audience, issuer, scope or KAFKA_SASL_OAUTHBEARER_EXTENSIONS are not what the broker expects`,
      permanent: true,
    };
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED')
    return {
      text: `the broker does not take this name and password for ${mechanism}; correct KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`,
      permanent: true,
    };
  if (name === 'KafkaJSConnectionClosedError') return cutOff(ssl !== undefined, sasl !== undefined);
  return explainTlsFailure({ code, message }, TLS_NAMES, ssl?.cert !== undefined);
}

/** A listener that wants something else says nothing and hangs up, as does a proxy whose broker is away. */
function cutOff(tls: boolean, sasl: boolean): Explained | undefined {
  if (tls && sasl) return undefined;
  const also = [
    ...(tls ? [] : [`to ${sasl ? 'SASL_SSL' : 'SSL or SASL_SSL'} if this is the port of a TLS listener`]),
    ...(sasl ? [] : [`to ${tls ? 'SASL_SSL' : 'SASL_PLAINTEXT'} if it asks for a name and password`]),
  ];
  return {
    text: `the connection was cut at the first request; set KAFKA_SECURITY_PROTOCOL ${also.join(', or ')}`,
    permanent: false,
  };
}
