/** How much one process of the HTTP source takes on, and how long it waits. */
export interface HttpLimits {
  readonly maxBodyBytes: number;
  /** Of an NDJSON body that came packed. */
  readonly maxUnpackedBytes: number;
  readonly maxEventsPerRequest: number;
  readonly maxPendingEvents: number;
  readonly maxPendingBytes: number;
  readonly ackTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long a body may stand still, and what it must bring on average. */
  readonly bodyStallMs: number;
  readonly bodyBytesPerSecond: number;
}
