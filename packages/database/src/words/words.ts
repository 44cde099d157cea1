import { foldText, statusesOf, type Statuses } from '@rastreio/contract';
import type { RankedStatus } from '../schema/catalogue';
import type { ReceivedEvent } from '../write/batch';

/** What a word is: an event's status as its sender wrote it, or the carrier's own code of the event. */
export type WordKind = 'texto' | 'codigo';

/** Which word an alias is for. */
export interface WordKey {
  /** Folded, as events have it; empty: whatever the carrier. Never empty for a code. */
  readonly transportadora: string;
  readonly tipo: WordKind;
  /** Folded. */
  readonly palavra: string;
}

/** A word, and the status of the catalogue that it means. */
export interface Alias extends WordKey {
  readonly status: string;
}

/** By what an event says its status. */
interface Named {
  readonly transportadora?: string | undefined;
  readonly codigo_evento?: string | undefined;
  /** The status in the sender's word, cleaned. */
  readonly word: string;
}

/** What a database knows of statuses and of words for them. */
export interface Words {
  readonly catalogue: readonly RankedStatus[];
  readonly statuses: Statuses;
  /**
   * The status that an event's word means. The carrier's code is looked for first, since whoever maps it wants it whatever the text says;
   * then a status of the catalogue is what it is; then the carrier's text, then that text of any carrier. What is not found stays.
   */
  readonly meaningOf: (named: Named) => string;
  /** The events with the statuses that they mean; the same list where no word has an alias. */
  readonly translate: (events: readonly ReceivedEvent[]) => readonly ReceivedEvent[];
}

/** How many texts are kept folded; a stream of made-up ones does not fill the memory. */
const MAX_FOLDED = 10_000;

/** The words of a database with these rows. */
export function wordsOf(catalogue: readonly RankedStatus[], aliases: readonly Alias[]): Words {
  const statuses = statusesOf(catalogue);
  const meanings = new Map(aliases.map((alias) => [nameOf(alias), alias.status]));
  const hasCodes = aliases.some(({ tipo }) => tipo === 'codigo');
  const folded = new Map<string, string>();
  const fold = (text: string): string => {
    const known = folded.get(text);
    if (known !== undefined) return known;
    if (folded.size >= MAX_FOLDED) folded.clear();
    const result = foldText(text);
    folded.set(text, result);
    return result;
  };
  const meaningOf = ({ transportadora = '', codigo_evento, word }: Named): string => {
    if (hasCodes && codigo_evento !== undefined) {
      const ofCode = meanings.get(nameOf({ transportadora, tipo: 'codigo', palavra: fold(codigo_evento) }));
      if (ofCode !== undefined) return ofCode;
    }
    if (statuses.isKnown(word)) return word;
    const palavra = fold(word);
    return (
      meanings.get(nameOf({ transportadora, tipo: 'texto', palavra })) ??
      meanings.get(nameOf({ transportadora: '', tipo: 'texto', palavra })) ??
      word
    );
  };
  return {
    catalogue,
    statuses,
    meaningOf,
    translate: (events) => (aliases.length === 0 ? events : translated(events, meaningOf)),
  };
}

function translated(
  events: readonly ReceivedEvent[],
  meaningOf: Words['meaningOf'],
): readonly ReceivedEvent[] {
  let result: ReceivedEvent[] | undefined;
  events.forEach((event, i) => {
    const { transportadora, codigo_evento, status_rastreamento: word } = event;
    // One that takes back whatever came before names no event by its status.
    if (event.correcao === 'anterior') return;
    const status = meaningOf({ transportadora, codigo_evento, word });
    if (status === word) return;
    result ??= [...events];
    result[i] = { ...event, status_rastreamento: status, palavra: word };
  });
  return result ?? events;
}

/** No part has U+0000. */
function nameOf({ transportadora, tipo, palavra }: WordKey): string {
  return `${tipo}\0${transportadora}\0${palavra}`;
}
