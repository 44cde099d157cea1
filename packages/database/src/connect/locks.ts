/**
 * Every advisory lock of a database of ours, by name. SQL writes the same numbers (a test compares); they are arbitrary, and other
 * programs on one database must not use them. Whoever holds several takes them in this order: schema, corrections, places, rows of parcels,
 * promises, a slice.
 */
export const LOCKS = {
  /** Of the session that applies migrations: two that are started together run one after the other. */
  migration: 762_000,
  /** With a second number, of the slice of the summaries that a transaction writes to (`fatia_livre`). */
  slice: 762_001,
  /** Shared by batches; exclusive in a migration that shuts older writers out (`exige_escritor`). */
  schema: 762_002,
  /** Shared by batches; exclusive while promises are edited (`julga_prazos`). */
  promises: 762_003,
  /** Shared by those who compare tables with events; exclusive for those who correct tables or remove events. */
  comparing: 762_004,
  /** With a second number, of a topic and its partition: who counts the letters of a place. */
  letters: 762_005,
  /** Shared by batches; exclusive for what changes many parcels' events, and for a batch that can lock one of its parcels by no row. */
  corrections: 762_006,
  /** Exclusive for those who add to the dictionary of places or change it (`insere_grafias`), until they commit; before any lock on parcels. */
  places: 762_007,
} as const;
