import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startShortLivedKafka } from '@rastreio/stack';
import type { Pem } from './certificates';

export interface SecuredBrokerOptions {
  /** What the broker shows. */
  readonly certificate: Pem;
  /** Who signs the certificates of clients. */
  readonly clientCa: string;
  /** Shown at `expired`. */
  readonly expired: Pem;
  readonly user: { readonly name: string; readonly password: string };
}

/** `host:port` of each listener. */
export type Listeners = Readonly<Record<(typeof LISTENERS)[number], string>>;

export interface SecuredBroker {
  readonly listeners: Listeners;
  readonly remove: () => Promise<void>;
}

const LISTENERS = ['open', 'tls', 'mutual', 'sasl', 'saslOpen', 'expired'] as const;

const PROTOCOLS = {
  open: 'PLAINTEXT',
  tls: 'SSL',
  /** Wants a certificate of the client. */
  mutual: 'SSL',
  sasl: 'SASL_SSL',
  /** Offers SCRAM-SHA-512 alone. */
  saslOpen: 'SASL_PLAINTEXT',
  expired: 'SSL',
} as const satisfies Record<(typeof LISTENERS)[number], string>;

const LOGIN = 'org.apache.kafka.common.security';
/** A session of OAUTHBEARER is this long at the most; kafkajs proves itself again 10 s before its end. */
const SESSION_MS = 11_000;

/** One broker with a listener for each way to get in, known as `localhost`. */
export async function startSecuredBroker(options: SecuredBrokerOptions): Promise<SecuredBroker> {
  const { certificate, clientCa, expired, user } = options;
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-secured-'));
  const [internal = 0, external = 0, controller = 0, ...more] = await freePorts(3 + LISTENERS.length);
  const own = LISTENERS.map((name, i) => ({ name, port: more[i] ?? 0, protocol: PROTOCOLS[name] }));
  const list = (host: string) => own.map(({ name, port }) => `${name.toUpperCase()}://${host}:${port}`);
  const common = {
    internal: `INTERNAL://127.0.0.1:${internal}`,
    external: `EXTERNAL://127.0.0.1:${external}`,
  };
  const sasl = (listener: string, mechanisms: string) => ({
    [`listener.name.${listener}.sasl.enabled.mechanisms`]: mechanisms,
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${LOGIN}.plain.PlainLoginModule required user_${user.name}="${user.password}";`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: `${LOGIN}.scram.ScramLoginModule required;`,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: `${LOGIN}.scram.ScramLoginModule required;`,
    [`listener.name.${listener}.oauthbearer.sasl.jaas.config`]: `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    [`listener.name.${listener}.oauthbearer.connections.max.reauth.ms`]: SESSION_MS,
  });
  const running = await startShortLivedKafka({
    dir,
    ports: { internal, external, controller },
    format: {
      scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        (mechanism) => `${mechanism}=[name=${user.name},password=${user.password}]`,
      ),
    },
    settings: {
      listeners: [
        common.internal,
        common.external,
        `CONTROLLER://127.0.0.1:${controller}`,
        ...list('127.0.0.1'),
      ].join(),
      'advertised.listeners': [common.internal, common.external, ...list('localhost')].join(),
      'listener.security.protocol.map': [
        'INTERNAL:PLAINTEXT',
        'EXTERNAL:PLAINTEXT',
        'CONTROLLER:PLAINTEXT',
        ...own.map(({ name, protocol }) => `${name.toUpperCase()}:${protocol}`),
      ].join(),
      ...keystore('', certificate),
      ...keystore('listener.name.expired.', expired),
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': clientCa,
      'listener.name.mutual.ssl.client.auth': 'required',
      // What no rule speaks of is allowed; who comes in by a listener without names makes the rules.
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': true,
      ...sasl('sasl', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER'),
      ...sasl('saslopen', 'SCRAM-SHA-512'),
    },
  });
  return {
    listeners: Object.fromEntries(own.map(({ name, port }) => [name, `localhost:${port}`])) as Listeners,
    async remove() {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function keystore(prefix: string, { cert, key }: Pem) {
  return {
    [`${prefix}ssl.keystore.type`]: 'PEM',
    [`${prefix}ssl.keystore.key`]: key,
    [`${prefix}ssl.keystore.certificate.chain`]: cert,
  };
}
