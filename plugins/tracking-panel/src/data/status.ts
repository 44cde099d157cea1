/** A status as the palette and the guesses compare it: Unicode NFC, inner spaces collapsed, upper case. */
export function normaliseStatus(status: string): string {
  return status.normalize('NFC').trim().replace(/\s+/g, ' ').toUpperCase();
}
