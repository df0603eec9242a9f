/** The log the engine publishes to. */

export interface OutboundMessage {
  readonly topic: string;
  /** Explicit: the partition of the chain, so that one payer's messages stay in order. */
  readonly partition: number;
  readonly key: Uint8Array | string | null;
  readonly value: Uint8Array | string | null;
  readonly headers: Readonly<Record<string, string | Uint8Array>>;
}

export interface OutputLog {
  /**
   * Sends in the order given per topic and partition and resolves once the broker has acknowledged all of them (acks=all).
   * At least once: after a rejection some may have arrived. Throws `TransientFault` when trying again can help.
   */
  send(messages: readonly OutboundMessage[]): Promise<void>;
}
