import { KafkaJSNonRetriableError, type Mechanism } from 'kafkajs';
import type { TokenSource } from './tokenEndpoint';

/** The broker does not take a token. */
export class TokenNotTakenError extends KafkaJSNonRetriableError {
  override name = 'TokenNotTakenError';
}

const SEPARATOR = '\u0001';
/** As Kafka's protocol has bytes: their number in four bytes before them. */
const LENGTH = 4;

/**
 * OAUTHBEARER as RFC 7628 has it. kafkajs has it too, but takes the broker's refusal, which comes as an answer and not as an error, for
 * a yes: then every request after it fails as if the broker were away.
 */
export function oauthBearer(source: TokenSource): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const { value, extensions = {} } = await source();
        const fields = [
          `auth=Bearer ${value}`,
          ...Object.entries(extensions).map(([name, text]) => `${name}=${text}`),
        ];
        await saslAuthenticate({
          request: toBytes(`n,,${SEPARATOR}${fields.join(SEPARATOR)}${SEPARATOR}${SEPARATOR}`),
          response: { decode: (bytes) => bytes.subarray(LENGTH), parse: refuse },
        });
      },
    }),
  };
}

function toBytes(text: string) {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH);
  length.writeInt32BE(bytes.length);
  return { encode: () => Buffer.concat([length, bytes]) };
}

/** A yes is empty; a no is JSON (RFC 7628, section 3.2.2). */
function refuse(answer: Buffer): void {
  if (answer.length > 0) throw new TokenNotTakenError(answer.toString());
}
