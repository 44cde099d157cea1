import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { asn1, md, pki } from 'node-forge';

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly name: string;
  /** Names and addresses of the server; none for a client. */
  readonly hosts?: readonly string[];
  /** When it ends; in a day where left out. */
  readonly until?: Date;
}

export interface Authority {
  /** Of the authority itself: what others trust. */
  readonly cert: string;
  readonly issue: (options: CertificateOptions) => Pem;
}

const DAY_MS = 86_400_000;
const IP = /^[\d.]+$|:/;

/** A certificate authority that lives as long as a test. */
export function createAuthority(name: string): Authority {
  const keys = keyPair();
  const subject = nameOf(name);
  const extensions = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ];
  const own = sign({
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    subject,
    issuer: subject,
    extensions,
  });
  return {
    cert: own,
    issue({ name: of, hosts = [], until }) {
      const { publicKey, pem } = keyPair();
      const names = hosts.map((host) => (IP.test(host) ? { type: 7, ip: host } : { type: 2, value: host }));
      const cert = sign({
        publicKey,
        signer: keys.privateKey,
        subject: nameOf(of),
        issuer: subject,
        until,
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          ...(names.length > 0 ? [{ name: 'subjectAltName', altNames: names }] : []),
        ],
      });
      return { cert, key: pem };
    },
  };
}

/** In UTF-8: without being told, node-forge writes letters that the type it chooses does not have, and Go refuses them. */
function nameOf(name: string): pki.CertificateField[] {
  return [{ name: 'commonName', value: name, valueTagClass: asn1.Type.UTF8 as unknown as asn1.Class }];
}

interface Signing {
  readonly publicKey: pki.rsa.PublicKey;
  readonly signer: pki.rsa.PrivateKey;
  readonly subject: pki.CertificateField[];
  readonly issuer: pki.CertificateField[];
  readonly extensions: object[];
  readonly until?: Date | undefined;
}

function sign({ publicKey, signer, subject, issuer, extensions, until }: Signing): string {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  // A leading zero keeps it positive.
  certificate.serialNumber = `00${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - 7 * DAY_MS);
  certificate.validity.notAfter = until ?? new Date(Date.now() + DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(signer, md.sha256.create());
  return pki.certificateToPem(certificate);
}

/** Made by Node.js, which is faster than JavaScript by far. */
function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    publicKey: pki.publicKeyFromPem(publicKey),
    privateKey: pki.privateKeyFromPem(privateKey),
    pem: privateKey,
  };
}
