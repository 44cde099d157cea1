import { compareText } from '@rastreio/contract';

/** Carrier and tracking number as the database writes them. */
interface CodeName {
  readonly transportadora: string;
  readonly codigo: string;
}

/** A parcel that some messages name by the sender's number, others by carrier and tracking number. */
interface JoinedName extends CodeName {
  readonly id_pacote: number;
  /** Whether a message that says both has been sent: then the number is the parcel's. */
  readonly isBound: boolean;
}

/** Who a parcel is. */
export type ParcelName = number | CodeName | JoinedName;

/** By what a parcel is known while messages come: the same for all ways to name it. */
export function keyOf(parcel: ParcelName): number | string {
  if (typeof parcel === 'number') return parcel;
  return 'id_pacote' in parcel ? parcel.id_pacote : codeOf(parcel);
}

/** By what a parcel is known in the end: its number, or `carrier/tracking number`. */
export function finalName(parcel: ParcelName): number | string {
  if (typeof parcel === 'number') return parcel;
  return isBound(parcel) ? parcel.id_pacote : codeOf(parcel);
}

/** The names that it has in the end. */
export function namesOf(parcel: ParcelName): Partial<CodeName> & { readonly id_pacote?: number } {
  if (typeof parcel === 'number') return { id_pacote: parcel };
  const { transportadora, codigo } = parcel;
  return isBound(parcel)
    ? { id_pacote: parcel.id_pacote, transportadora, codigo }
    : { transportadora, codigo };
}

/** `carrier/tracking number`. */
export function codeOf({ transportadora, codigo }: Exclude<ParcelName, number>): string {
  return `${transportadora}/${codigo}`;
}

/** Whether it has both names. */
export function isBound(parcel: ParcelName): parcel is JoinedName {
  return typeof parcel === 'object' && 'isBound' in parcel && parcel.isBound;
}

/** The order of a ground-truth file: numbers first. */
export function compareNames(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return typeof a === 'number' ? -1 : 1;
}
