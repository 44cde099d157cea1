import { cleanText } from '@rastreio/contract';

/**
 * What is left of a carrier's word when case, accents and spaces do not count: "Saiu p/ entrega", "SAIU P/ ENTREGA" and
 * "saiu  p/ entrega " are one word. Idempotent.
 */
export function fold(word: string): string {
  // Upper case first, since it turns some marks into letters; NFKC of what is left may bring marks of its own.
  const plain = (text: string) => text.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '');
  return cleanText(plain(plain(cleanText(word)))).replaceAll(' ', '');
}
