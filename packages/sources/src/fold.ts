import { cleanText } from '@rastreio/contract';

/**
 * What is left of a carrier's word when case, accents and spaces do not count: "Saiu p/ entrega", "SAIU P/ ENTREGA" and
 * "saiu  p/ entrega " are one word. Idempotent.
 */
export function fold(word: string): string {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  // Upper-casing may take a letter apart once more.
  return cleanText(plain(plain(cleanText(word)))).replaceAll(' ', '');
}
