import type { ConnectionOptions } from 'node:tls';
import { isLoopback, readTlsFiles, wrongSettings, type WrongSetting } from '@rastreio/runtime';
import type { Mechanism, SASLOptions } from 'kafkajs';
import { oauthBearer } from './oauthBearer';
import { listBrokers, type KafkaSettings } from './settings';
import { tokenSource } from './tokenSource';

/** How a client gets in; what is left out is not used. */
export interface KafkaSecurity {
  readonly ssl?: ConnectionOptions;
  readonly sasl?: SASLOptions | Mechanism;
}

export interface KafkaConnection {
  /** `host:port`, several separated by commas. */
  readonly brokers: string;
  readonly security: KafkaSecurity;
}

export const TLS_NAMES = { ca: 'KAFKA_SSL_CA', cert: 'KAFKA_SSL_CERT', key: 'KAFKA_SSL_KEY' } as const;

type Name = keyof KafkaSettings;

/**
 * Reads what the settings name and looks whether they belong together: one that would not be used is refused, since whoever set it
 * believes that it protects something.
 *
 * @throws OperatorError (exit code 78) that lists every wrong setting
 */
export function kafkaConnection(settings: KafkaSettings): KafkaConnection {
  const problems: WrongSetting[] = [];
  const protocol = settings.KAFKA_SECURITY_PROTOCOL;
  const wrong = (name: Name, message: string) => problems.push({ name, value: settings[name], message });
  const refuse = (names: readonly Name[], why: string) => {
    for (const name of names) if (settings[name] !== undefined) wrong(name, why);
  };

  const tls = protocol.endsWith('SSL');
  const files = readTlsFiles(TLS_NAMES, {
    ...(settings.KAFKA_SSL_CA !== undefined && { ca: settings.KAFKA_SSL_CA }),
    ...(settings.KAFKA_SSL_CERT !== undefined && { cert: settings.KAFKA_SSL_CERT }),
    ...(settings.KAFKA_SSL_KEY !== undefined && { key: settings.KAFKA_SSL_KEY }),
  });
  if (tls) problems.push(...files.problems);
  else
    refuse(
      Object.values(TLS_NAMES),
      `is not used with KAFKA_SECURITY_PROTOCOL=${protocol}; set that to SSL or SASL_SSL, or leave this out`,
    );

  let sasl: KafkaSecurity['sasl'];
  if (protocol.startsWith('SASL')) sasl = readSasl(settings, problems);
  else
    refuse(
      (Object.keys(settings) as Name[]).filter((name) => name.startsWith('KAFKA_SASL_')),
      `is not used with KAFKA_SECURITY_PROTOCOL=${protocol}; set that to SASL_SSL, or leave this out`,
    );
  if (problems.length > 0) throw wrongSettings(problems);
  return {
    brokers: settings.KAFKA_BROKERS,
    security: { ...(tls && { ssl: { ...files.files } }), ...(sasl !== undefined && { sasl }) },
  };
}

function readSasl(settings: KafkaSettings, problems: WrongSetting[]): KafkaSecurity['sasl'] {
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  const wrong = (name: Name, message: string) => problems.push({ name, value: settings[name], message });
  if (mechanism === undefined) {
    wrong(
      'KAFKA_SASL_MECHANISM',
      `is needed with KAFKA_SECURITY_PROTOCOL=${settings.KAFKA_SECURITY_PROTOCOL}`,
    );
    return undefined;
  }
  const oauth = mechanism === 'OAUTHBEARER';
  for (const name of Object.keys(settings) as Name[]) {
    const other = oauth
      ? /^KAFKA_SASL_(USERNAME|PASSWORD)/.test(name)
      : name.startsWith('KAFKA_SASL_OAUTHBEARER_');
    if (other && settings[name] !== undefined)
      wrong(name, `is not used with KAFKA_SASL_MECHANISM=${mechanism}; leave it out`);
  }
  const secret = (name: 'KAFKA_SASL_PASSWORD' | 'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET') => {
    if (settings[name] === undefined)
      wrong(name, `is needed, or ${name}_FILE with the path of a file that holds it`);
    return settings[name];
  };
  if (oauth) {
    const source = tokenSource(settings, () => secret('KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET'), wrong);
    return source && oauthBearer(source);
  }
  const { KAFKA_SASL_USERNAME: username } = settings;
  if (username === undefined)
    wrong('KAFKA_SASL_USERNAME', `is needed with KAFKA_SASL_MECHANISM=${mechanism}`);
  const password = secret('KAFKA_SASL_PASSWORD');
  if (username === undefined || password === undefined) return undefined;
  return { mechanism: mechanism.toLowerCase(), username, password } as SASLOptions;
}

/** What there is to warn of: names and passwords that travel beyond this machine where everybody on the way can read them. */
export function warningOf(brokers: string, { ssl, sasl }: KafkaSecurity): string | undefined {
  if (sasl === undefined || ssl !== undefined) return undefined;
  const far = listBrokers(brokers).filter((broker) => !isLoopback(broker.slice(0, broker.lastIndexOf(':'))));
  if (far.length === 0) return undefined;
  return `KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT: what is sent to ${far.join(', ')} can be read and changed on the way${
    sasl.mechanism.startsWith('scram') ? '' : ', the secret as well'
  }; use SASL_SSL`;
}
