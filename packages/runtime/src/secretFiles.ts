import { readFileSync } from 'node:fs';
import { EXIT, OperatorError } from './exitCodes';

/** Settings that may come as a file instead: its path stands in the variable of that name with `_FILE` behind it. */
const SECRETS = [
  'PGPASSWORD',
  'DATABASE_URL',
  'ADMIN_DATABASE_URL',
  'RASTREIO_OWNER_PASSWORD',
  'RASTREIO_WRITER_PASSWORD',
  'GRAFANA_READER_PASSWORD',
  'GRAFANA_PASSWORD',
  'GRAFANA_TOKEN',
  'ALERT_WEBHOOK_TOKEN',
  'NOTICES_TOKEN',
  'PULL_API_KEY',
  'RASTREIO_API_KEY',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET',
] as const;

/**
 * Takes secrets from files, as containers mount them: `PGPASSWORD_FILE=/run/secrets/writer` sets `PGPASSWORD` to what is in the file, without
 * the line end at its end. Done once, before anything reads a setting.
 *
 * @throws OperatorError (exit code 78) when a file cannot be read or is empty, or the setting is given both ways
 */
export function takeSecretFiles(env: Record<string, string | undefined>): void {
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    if (env[name] !== undefined && env[name] !== '')
      throw wrong(`${name} and ${name}_FILE are both set; unset one of them`);
    const secret = read(name, file);
    if (secret === '')
      throw wrong(`${name}_FILE=${file} is empty; write the secret into it, or unset the variable`);
    env[name] = secret;
    // A command that runs a service comes here twice.
    env[`${name}_FILE`] = '';
  }
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw wrong(
      `${name}_FILE=${file} cannot be read (${why}); name a file with the secret that user ${process.getuid?.() ?? ''} may read`,
    );
  }
}

function wrong(message: string): OperatorError {
  return new OperatorError(message, EXIT.config);
}
