import { HEADER_PROBLEM, HEADER_PROFILE } from '@rastreio/contract';
import type { OutgoingMessage } from '@rastreio/kafka';

/** Room for headers and key within the megabyte that Kafka takes for a message: a payload that cannot be read is kept as one. */
export const MAX_PAYLOAD_BYTES = 900_000;

/** Of the sentence that is kept with the payload. */
const MAX_PROBLEM_LENGTH = 1_000;

/** By which a kept payload is known when it comes again. */
export function letterOf(profile: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${profile}\n`), bytes]);
}

/** A payload of which something could not be read: whole, and unpacked, so that whoever looks at it can read it. */
export function keptPayload(
  profile: string,
  problem: string,
  bytes: Buffer,
): OutgoingMessage & { readonly value: Buffer } {
  return {
    key: null,
    value: bytes,
    headers: { [HEADER_PROFILE]: profile, [HEADER_PROBLEM]: problem.slice(0, MAX_PROBLEM_LENGTH) },
  };
}
