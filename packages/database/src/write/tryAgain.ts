/** Another writer stored parcels of the batch between our look and our write: nothing that was concluded from the look holds. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';

  constructor() {
    super(
      'another writer stored the same parcels at the same time; write the batch again with provenNew: false',
    );
  }
}

/** Another writer took back something of a parcel of the batch, or joined its number, after the batch began: the next try sees it. */
export class ChangedMeanwhileError extends Error {
  override readonly name = 'ChangedMeanwhileError';

  constructor() {
    super('another writer changed what parcels of the batch are; write the batch again');
  }
}

/** A parcel of the batch can be locked by no row: no other batch may be written meanwhile. */
export class MustBeAloneError extends Error {
  override readonly name = 'MustBeAloneError';

  constructor() {
    super('parcels of the batch have no row that keeps others out; write the batch again, alone');
  }
}

/** A parcel's number that was given here, and the one that its sender says. */
export interface NumbersToJoin {
  readonly given: number;
  readonly said: number;
}

/** Parcels that were numbered here turn out to have a sender's number: they are to be joined before the batch is written. */
export class NumbersToJoinError extends Error {
  override readonly name = 'NumbersToJoinError';

  constructor(readonly pairs: readonly NumbersToJoin[]) {
    super(`${pairs.length} numbers are to be joined; do it and write the batch again`);
  }
}
