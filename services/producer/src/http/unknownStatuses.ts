import { isKnownStatus, type TrackingEvent } from '@rastreio/contract';

/** Words told one by one in an answer; a request of events, of any length, holds no more of them. */
export const MAX_STATUSES_TOLD = 20;

/** Counts the statuses of a request's events that the shipped catalogue does not know. */
export interface UnknownStatuses {
  readonly add: (events: readonly TrackingEvent[]) => void;
  readonly told: () => ToldStatuses;
}

/** Of an answer, nothing where all are known: each word with how often it came, and how many events had yet other ones. */
export interface ToldStatuses {
  readonly unknown_statuses?: Readonly<Record<string, number>>;
  readonly unknown_statuses_omitted?: number;
}

/** What takes back another event says no status of its own. */
const says = ({ correcao }: TrackingEvent) => correcao !== 'anterior';

/** A counter for one request. The words told are the first ones that came. */
export function countUnknownStatuses(): UnknownStatuses {
  const words = new Map<string, number>();
  let omitted = 0;
  return {
    add(events) {
      for (const event of events) {
        const { status_rastreamento: word } = event;
        if (isKnownStatus(word) || !says(event)) continue;
        const before = words.get(word);
        if (before !== undefined || words.size < MAX_STATUSES_TOLD) words.set(word, (before ?? 0) + 1);
        else omitted++;
      }
    },
    told: () => tell(words, omitted),
  };
}

/** What is told of words that are counted already: those that came first. */
export function tellStatuses(words: ReadonlyMap<string, number>): ToldStatuses {
  const all = [...words];
  const omitted = all.slice(MAX_STATUSES_TOLD).reduce((sum, [, count]) => sum + count, 0);
  return tell(new Map(all.slice(0, MAX_STATUSES_TOLD)), omitted);
}

function tell(words: ReadonlyMap<string, number>, omitted: number): ToldStatuses {
  return {
    ...(words.size > 0 ? { unknown_statuses: Object.fromEntries(words) } : {}),
    ...(omitted > 0 ? { unknown_statuses_omitted: omitted } : {}),
  };
}
