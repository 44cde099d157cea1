import type { Consumers } from '../consumers';
import type { Load } from '../load';
import type { Mark, Progress } from '../progress';
import type { PlannedFault } from '../schedule';
import type { DatabaseServer, KafkaServer } from '../servers';

/** All that faults are done to. */
export interface Victims {
  readonly kafka: KafkaServer;
  readonly database: DatabaseServer;
  readonly databaseName: string;
  readonly consumers: Consumers;
  readonly load: Load;
  readonly progress: Progress;
  /** How many messages may be sent before the load is held back. */
  allowed: number;
  /** @throws when the run is interrupted */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Does one kind of harm, holds it, and takes it back: afterwards everything runs again. Returns from when recovery counts: from
 * the kill where a process was killed, else from the moment the harm was taken back.
 */
export type Fault = (victims: Victims, planned: PlannedFault) => Promise<Mark>;

/** The one of these that the fault draws. @throws RangeError for an empty list */
export function drawn<T>(items: readonly T[], { draw }: PlannedFault): T {
  const item = items[Math.floor(draw * items.length)];
  if (item === undefined) throw new RangeError('there is nothing to harm');
  return item;
}
