import { cleanText } from '@rastreio/contract';

/**
 * What is left of a carrier's word when case, accents and the number of spaces do not count: "Objeto não entregue" and
 * "OBJETO  NAO ENTREGUE " are one word. Idempotent.
 */
export function fold(word: string): string {
  // Upper case first, since it turns some marks into letters, and once more for what a mark kept from its upper case.
  const plain = (text: string) => text.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '');
  return cleanText(plain(plain(cleanText(word))));
}
