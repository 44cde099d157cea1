import { OperatorError } from '@rastreio/runtime';
import LinkHeader from 'http-link-header';

/** A longer address is one that grows with every page. */
const MAX_URL_LENGTH = 8_192;
/** What names of parameters may hold (RFC 9110's tokens). */
const TOKEN = /^[!#$%&'*+.^_`|~\da-z-]+$/;

/**
 * The address of the next page by an answer's Link header (RFC 8288), undefined where it names none.
 *
 * @param base address of the answer, which relative ones are meant from
 * @throws OperatorError when the header cannot be read, or the address leads to another host: the key would go with it
 */
export function nextLink(header: string | null, base: string): string | undefined {
  const target = parse(header ?? '')
    // One with an anchor is a link of something else.
    .filter(({ anchor }) => anchor === undefined)
    .find(({ rel }) => rel?.toLowerCase() === 'next')?.uri;
  if (target === undefined) return undefined;
  const next = URL.canParse(target, base) ? new URL(target, base) : undefined;
  if (next === undefined)
    throw new OperatorError(`the next address ${shown(target)} is none; ask the carrier`);
  if (next.href.length > MAX_URL_LENGTH)
    throw new OperatorError(`the next address is longer than ${MAX_URL_LENGTH} characters; ask the carrier`);
  refuseOtherHost(next, base, 'the carrier’s next address');
  // A place on the page is no other page.
  next.hash = '';
  return next.href;
}

/** @throws OperatorError when the address is not on the base's host: the key and the events would go to somebody else */
export function refuseOtherHost(address: URL, base: string, what: string): void {
  const { origin } = new URL(base);
  if (address.origin !== origin)
    throw new OperatorError(`${what} ${shown(address.origin)} is not on ${origin}; ask the carrier`);
}

interface Reference {
  readonly uri: string;
  readonly rel?: string;
  readonly anchor?: string;
}

function parse(header: string): readonly Reference[] {
  if (header.trim() === '') return [];
  let refs: readonly Reference[];
  try {
    refs = LinkHeader.parse(header).refs;
  } catch (error) {
    throw new OperatorError(`Link ${shown(header)}: ${(error as Error).message}; ask the carrier`);
  }
  // The library takes a parameter without "=" together with what follows it.
  const odd = refs.flatMap(Object.keys).find((name) => !TOKEN.test(name));
  if (odd !== undefined)
    throw new OperatorError(`Link ${shown(header)}: ${shown(odd)} is no parameter; ask the carrier`);
  return refs;
}

const shown = (text: string) => JSON.stringify(text.slice(0, 200));
