import { z } from 'zod';

/** Where a secret is: a variable of the environment, or a file whose first line it is. It never stands in a profile. */
export type SecretPlace = { readonly env: string } | { readonly file: string };

/** How a source shows who it is. Described here; who takes its payloads in enforces it. */
export type Auth =
  | { readonly type: 'none' }
  | {
      /** A key that is sent along as it is. */
      readonly type: 'apiKey';
      readonly in: 'header' | 'query';
      /** Of the header (any case) or of the parameter (this case). */
      readonly name: string;
      readonly key: SecretPlace;
    }
  | {
      /** A signature over the payload's bytes as they came. */
      readonly type: 'hmac';
      readonly header: string;
      readonly algorithm: HmacAlgorithm;
      readonly encoding: 'hex' | 'base64';
      /** What stands before the signature in the header, such as `sha256=`; mostly empty. */
      readonly prefix: string;
      readonly secret: SecretPlace;
      /** A moment that is signed along, so that an old request cannot be sent again. */
      readonly timestamp?: {
        readonly header: string;
        /** How far it may lie from our clock, in seconds. */
        readonly toleranceSeconds: number;
        /** What is signed: a text with `{timestamp}` and `{body}` in it. */
        readonly signed: string;
      };
    };

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
export type HmacAlgorithm = (typeof ALGORITHMS)[number];

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'use the name of an HTTP header');
const parameterName = z.string().regex(/^[\w.~-]{1,100}$/, 'use letters, digits and _ . ~ -');

const secretPlace = z
  .strictObject({
    env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'use the name of an environment variable, such as AFTERSHIP_SECRET')
      .optional(),
    file: z.string().min(1, 'give the path of a file with the secret').optional(),
  })
  .transform(({ env, file }, context): SecretPlace => {
    if (env !== undefined && file === undefined) return { env };
    if (file !== undefined && env === undefined) return { file };
    context.addIssue(
      'say where the secret is by either env: VARIABLE or file: PATH; it never stands here itself',
    );
    return z.NEVER;
  });

const apiKey = z
  .strictObject({
    type: z.literal('apiKey'),
    header: headerName.optional(),
    query: parameterName.optional(),
    key: secretPlace,
  })
  .transform(({ header, query, key }, context): Auth => {
    if (header !== undefined && query === undefined)
      return { type: 'apiKey', in: 'header', name: header, key };
    if (query !== undefined && header === undefined) return { type: 'apiKey', in: 'query', name: query, key };
    context.addIssue('say where the key is sent by either header: NAME or query: NAME');
    return z.NEVER;
  });

const MAX_TOLERANCE_SECONDS = 86_400;

const hmac = z
  .strictObject({
    type: z.literal('hmac'),
    header: headerName,
    algorithm: z.enum(ALGORITHMS, `use one of ${ALGORITHMS.join(', ')}`).default('sha256'),
    encoding: z.enum(['hex', 'base64'], 'use hex or base64'),
    prefix: z.string().max(100).default(''),
    secret: secretPlace,
    timestamp: z
      .strictObject({
        header: headerName,
        toleranceSeconds: z
          .string()
          .regex(/^\d{1,5}$/, `use seconds from 1 to ${MAX_TOLERANCE_SECONDS}`)
          .transform(Number)
          .refine(
            (n) => n >= 1 && n <= MAX_TOLERANCE_SECONDS,
            `use seconds from 1 to ${MAX_TOLERANCE_SECONDS}`,
          )
          .default(300),
        signed: z
          .string()
          .refine(
            (text) => text.includes('{timestamp}') && text.includes('{body}'),
            'use a text with {timestamp} and {body} in it, such as "{timestamp}.{body}"',
          )
          .default('{timestamp}.{body}'),
      })
      .optional(),
  })
  .transform(({ timestamp, ...rest }): Auth => ({ ...rest, ...(timestamp && { timestamp }) }));

/** The part `auth` of a profile. */
export const authSchema = z.discriminatedUnion(
  'type',
  [z.strictObject({ type: z.literal('none') }).transform((none): Auth => none), apiKey, hmac],
  'use type: none, apiKey or hmac',
);
