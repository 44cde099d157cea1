/** How much one process of the HTTP source takes on, and how long it waits. */
export interface HttpLimits {
  readonly maxBodyBytes: number;
  readonly maxEventsPerRequest: number;
  readonly maxPendingEvents: number;
  readonly maxPendingBytes: number;
  readonly ackTimeoutMs: number;
  readonly requestTimeoutMs: number;
}
