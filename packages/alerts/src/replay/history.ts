/** What the accounting says of one minute and partition. */
export interface Account {
  readonly minuteMs: number;
  readonly topic: string;
  readonly partition: number;
  readonly inserted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly receivedUntilMs: number;
}

/** A row of eventos_rejeitados, without the message's content, which no rule reads. */
export interface Rejected {
  readonly row: Readonly<Record<string, unknown>>;
  readonly rejectedMs: number;
  readonly receivedMs: number;
  /** When it was sent again or accepted; undefined while it is open. */
  readonly settledMs: number | undefined;
}

/** All events as columns, about 40 bytes each: a history of millions fits into memory. In no order. */
export interface Events {
  readonly length: number;
  readonly ids: Float64Array;
  /** Microseconds since 1970. */
  readonly happenedMicros: Float64Array;
  /** Milliseconds since 1970. */
  readonly receivedMs: Float64Array;
  /** Places in {@link statuses} and {@link lanes}. */
  readonly status: Uint16Array;
  readonly lane: Uint32Array;
  readonly statuses: readonly string[];
  readonly lanes: readonly Lane[];
}

/** Where parcels go from and to, and with whom: null where no event says a carrier. */
export type Lane = readonly [origin: string, destination: string, carrier: string | null];

/** What a database holds, as of one instant. */
export interface History {
  /** The database's own time when it was read. */
  readonly nowMs: number;
  readonly timeZone: string;
  readonly events: Events;
  /** In the order of their minutes. */
  readonly accounts: readonly Account[];
  /** In the order in which they were rejected. */
  readonly rejected: readonly Rejected[];
  /** Rows of tables that people set, as JSON, by the table's name: limites, limites_por_rota, lugares_ditos, grafias, prazos, feriados. One that is left out is as in a new database. */
  readonly settings: Readonly<Record<string, string>>;
  /** Parcels by status, to compare with at the end. */
  readonly parcels: Readonly<Record<string, number>>;
  /** Before when events were removed (db:retain); undefined when none were. */
  readonly removedBeforeMs: number | undefined;
}
