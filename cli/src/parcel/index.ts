import type { Command } from 'commander';
import { addClose } from './closeCommand';
import { addReopen } from './reopenCommand';

/** Adds the commands that close parcels of which nothing is heard any more, and open them again. */
export function addParcel(parcel: Command): void {
  addClose(parcel);
  addReopen(parcel);
}
