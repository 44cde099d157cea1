import type { TlsNames } from './files';

export interface Explained {
  /** What is wrong and what to do. */
  readonly text: string;
  /** Whether it stays so until a person does something. */
  readonly permanent: boolean;
}

/** Codes of OpenSSL's verification: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
  'CERT_UNTRUSTED',
]);

/** What a server says of our certificate: https://www.rfc-editor.org/rfc/rfc8446#section-6.2, as OpenSSL names it. */
const REFUSED =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)/;
const ASKED = /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)/;
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNKNOWN_PROTOCOL/;
const CUT_OFF = 'before secure TLS connection was established';

/**
 * Says what a failed TLS connection is about.
 *
 * @param names of the settings to correct
 * @param hasCert whether we show a certificate of our own
 * @returns undefined for what is no matter of TLS
 */
export function explainTlsFailure(
  { code = '', message }: { readonly code?: string | undefined; readonly message: string },
  names: TlsNames,
  hasCert: boolean,
): Explained | undefined {
  const permanent = (text: string): Explained => ({ text, permanent: true });
  if (UNTRUSTED.has(code))
    return permanent(
      `the server's certificate is signed by nobody who is trusted here (${code}); set ${names.ca} to the file with the certificate of its CA`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return permanent(
      `the server's certificate, or one above it, has expired; renew it on the server, or set the clock of this machine`,
    );
  if (code === 'CERT_NOT_YET_VALID')
    return permanent(`the server's certificate is not valid yet; set the clock of this machine`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return permanent(
      `the server's certificate is of another name (${message.replace(/^.*altnames: /, '').replace(/[\s.:]*$/, '')}); use a name that stands in it, or give the server a certificate with this one`,
    );
  if (ASKED.test(code) || (REFUSED.test(code) && !hasCert))
    return permanent(`the server asks for a certificate of ours; set ${names.cert} and ${names.key}`);
  if (REFUSED.test(code))
    return permanent(
      `the server does not take our certificate (${code}); ${names.cert} needs one of a CA that the server trusts, and that has not expired`,
    );
  if (NO_TLS.test(code)) return permanent('no TLS is spoken at this port; use the port of a TLS listener');
  if (message.includes(CUT_OFF))
    return {
      text: 'the connection was cut before TLS began; is this the port of a TLS listener?',
      permanent: false,
    };
  return undefined;
}
