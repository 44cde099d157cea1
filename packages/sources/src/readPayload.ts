import { decodeText } from './decodeText';
import type { Item, Problem } from './item';
import { mapEvent } from './mapEvent';
import { Problems } from './problems';
import { createPause, type Pause } from './pause';
import type { SourceProfile } from './profile';
import { keepNewestPromise } from './promise';
import { readCsv } from './readCsv';
import { readFixed } from './readFixed';
import { readJson } from './readJson';
import type { Format } from './schema';

/** What a payload says, read by a profile. */
export interface Reading {
  /** In the order of the payload. */
  readonly events: readonly {
    /** Where in the payload: `$.events[3]`, `line 7`, `line 7, column Data de entrega`. */
    readonly where: string;
    /** Fields of the contract, still to be validated by `@rastreio/contract`. A field that the source does not say is not there. */
    readonly event: Readonly<Record<string, unknown>>;
  }[];
  /** What of the payload could not be read, and why: the first thousand. That it was not read to its end stands first. */
  readonly problems: readonly Problem[];
  /** How many problems there are besides. */
  readonly problemsOmitted: number;
  /** Words for a status that neither the profile nor the catalogue knows, as they were sent, and how often; their events are among `events`. */
  readonly unknownStatuses: ReadonlyMap<string, number>;
}

type Reader = (profile: SourceProfile, text: string, pause: Pause) => AsyncIterable<Item>;

const READERS: Readonly<Record<Format, Reader>> = {
  json: readJson,
  csv: readCsv,
  fixed: readFixed,
};

export interface ReadLimits {
  /** Events and problems after which reading ends with a problem; 20,000 unless said. */
  readonly maxItems?: number;
}

const MAX_ITEMS = 20_000;

/**
 * Reads a payload by a profile. What cannot be read is a problem with its place, and costs no other event, a detail not even its own; the
 * same bytes give the same reading. Never throws for what a payload says.
 *
 * @param bytes the payload as it came; how large it may be is for the caller to say
 */
export async function readPayload(
  profile: SourceProfile,
  bytes: Uint8Array,
  { maxItems = MAX_ITEMS }: ReadLimits = {},
): Promise<Reading> {
  const events: { where: string; event: Readonly<Record<string, unknown>> }[] = [];
  const problems = new Problems();
  const unknownStatuses = new Map<string, number>();
  const reading = () => ({
    events: keepNewestPromise(profile, events),
    problems: problems.kept,
    problemsOmitted: problems.omitted,
    unknownStatuses,
  });
  const decoded = decodeText(bytes, profile.encoding, profile.format === 'json');
  if (!decoded.ok) {
    problems.add({ where: 'the payload', field: null, detail: decoded.why });
    return reading();
  }
  const pause = createPause();
  let count = 0;
  for await (const item of READERS[profile.format](profile, decoded.text, pause)) {
    if (++count > maxItems) {
      problems.addFirst(tooMany(item.where, maxItems));
      break;
    }
    await pause();
    if (!item.ok) {
      const { where, field, detail } = item;
      problems.add({ where, field, detail });
      continue;
    }
    const result = await mapEvent(profile, item);
    problems.add(...result.problems);
    if (!result.ok) continue;
    const { event, unknownStatus: word } = result.mapped;
    events.push({ where: item.where, event });
    if (word !== null) unknownStatuses.set(word, (unknownStatuses.get(word) ?? 0) + 1);
  }
  return reading();
}

function tooMany(where: string, maxItems: number): Problem {
  return {
    where,
    field: null,
    detail: `a payload is read up to ${maxItems} events and problems, and not from here on; send it in smaller parts`,
  };
}
