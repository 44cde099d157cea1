import type { Format, Message } from '@rastreio/simulator';

/** A message with its text as the target's format has it. */
export interface Outgoing {
  readonly message: Message;
  readonly text: string;
}

/** Where simulated messages go. */
export interface Target {
  readonly format: Format;
  /**
   * Settles once the target has the messages for good.
   *
   * @returns how many of them it refused as invalid
   */
  send(batch: readonly Outgoing[]): Promise<{ readonly refused: number }>;
  close(): Promise<void>;
}

export const NONE_REFUSED = { refused: 0 } as const;
