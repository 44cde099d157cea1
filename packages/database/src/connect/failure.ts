import { isNativeError } from 'node:util/types';
import { EXIT, explainTlsFailure, OperatorError, type Explained } from '@rastreio/runtime';
import { sqlstate } from './sqlstate';

const NAMES = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' };

/** What the server answers by its pg_hba.conf has the states 28000 and 28P01, and says no more than this. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /requires a valid client certificate/,
    'the server asks for a certificate of ours; set sslcert and sslkey in the URL, or PGSSLCERT and PGSSLKEY',
  ],
  [
    /certificate authentication failed/,
    'our certificate is of another user: its common name must be the user of the URL',
  ],
  [
    /no encryption|SSL off/,
    'the server lets nobody in without TLS, or not this user from here; set sslmode=verify-full in the URL, or PGSSLMODE',
  ],
  [/no pg_hba.conf entry/, 'the server lets this user not in from here; see its pg_hba.conf'],
  // Also where clientcert=verify-full finds another name in the certificate, which only the server's log says.
  [
    /password authentication failed/,
    'the server does not take this user and password; correct them in the URL (a certificate of ours must have the user as its common name)',
  ],
];

/**
 * Says why a database lets nobody in, and what to do about it.
 *
 * @returns undefined for a failure of another kind, such as a server that is away
 */
function explainDatabaseFailure(error: unknown): Explained | undefined {
  if (!isNativeError(error)) return undefined;
  const state = sqlstate(error);
  if (state !== undefined) {
    if (!state.startsWith('28')) return undefined;
    const found = REFUSALS.find(([pattern]) => pattern.test(error.message));
    return found && { text: `${found[1]} (${error.message})`, permanent: true };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  if (message === 'The server does not support SSL connections')
    return {
      text: 'the server speaks no TLS; set its ssl to on, or sslmode=disable in the URL where nobody can listen',
      permanent: true,
    };
  // A server takes no certificate only for what it is: whether we have one, its own words tell.
  return explainTlsFailure({ code, message }, NAMES, true);
}

/** The error (exit code 78) that says why the database lets nobody in with this URL; any other failure as it is. */
export function databaseNotAdmitted(error: unknown): unknown {
  const explained = explainDatabaseFailure(error);
  if (explained?.permanent !== true) return error;
  return new OperatorError(`The database does not let us in: ${explained.text}`, EXIT.config, {
    cause: error,
  });
}
