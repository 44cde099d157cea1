/** Settings whose values nobody may read. */
export const SECRET_NAME = /(PASSWORD|SECRET|TOKEN|API_KEY|WEBHOOK_URL)$/i;

/** A shorter value is likely to be a word of other texts as well, which would be blanked with it. */
const SHORTEST = 8;
const BLANK = '***';

/** Every form in which a secret of this process may stand in a text, the longest first. */
let known: readonly string[] = [];

/** Keeps a value out of all that this process prints from now on (see {@link redact}, {@link hideKnown}). */
export function keepSecret(value: string): void {
  const forms = [value, value.trim(), decoded(value)].flatMap((text) => [
    text,
    encodeURIComponent(text.toWellFormed()),
    JSON.stringify(text).slice(1, -1),
  ]);
  known = [...new Set([...known, ...forms])]
    .filter(({ length }) => length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
}

/**
 * Keeps what these variables and arguments hold of secrets: values by their names, and what stands in addresses. Call it when secrets
 * that come as files have been read.
 */
export function keepSecretsOf(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = [],
): void {
  for (const [name, value = ''] of Object.entries(env))
    if (SECRET_NAME.test(name)) keepSecret(value);
    else keepAddress(value);
  for (const arg of args) keepAddress(arg);
}

/** Blanks what is known to be secret. For what may quote others on purpose, such as the bytes of a rejected message. */
export function hideKnown(text: string): string {
  return known.reduce((hidden, secret) => hidden.replaceAll(secret, BLANK), text);
}

/** Blanks what is known to be secret, passwords and keys in addresses, whoever's they are, and carriers' keys. For logs and errors. */
export function redact(text: string): string {
  return (
    hideKnown(text)
      // But for our own hints of how an address is written.
      .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)(?!password@)[^\s/"]+@/gi, `$1${BLANK}@`)
      .replace(PARAMETER, `$1${BLANK}`)
      .replace(/\brst_[\w-]{16,}/g, `rst_${BLANK}`)
  );
}

const PARAMETER = /([?&](?:[\w-]*(?:token|secret|password|passwd|key|signature)|sig|auth)=)[^\s&#"'\\]+/gi;

function keepAddress(text: string): void {
  // To the first @, as it should be, and to the last, where the password is not encoded.
  for (const pattern of [/:\/\/[^:@/\s]*:(.+?)@/s, /:\/\/[^:@/\s]*:(.+)@/s]) {
    const [, password] = pattern.exec(text) ?? [];
    if (password !== undefined) keepSecret(password);
  }
  for (const [parameter, name = ''] of text.matchAll(PARAMETER)) keepSecret(parameter.slice(name.length));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
