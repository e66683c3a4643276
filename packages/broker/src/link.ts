/**
 * The hub's way to the broker, whichever it is: embedded (embedded.ts) or external (external.ts).
 */
export interface BrokerLink {
  /**
   * Calls the handler for every message on the filter, retained ones included. Handlers may be async; the broker is
   * not held up by them.
   */
  subscribe(filter: string, handler: (topic: string, payload: Buffer) => void): Promise<void>;
  /** QoS 1. Resolves when the broker has it; rejects when it cannot be reached. */
  publish(topic: string, payload: string | Buffer, options?: { retain?: boolean }): Promise<void>;
  /** Whether what it was told to retain is there for as long as this link: a broker of its own may forget. */
  readonly remembers: boolean;
  /** Calls the listener each time that messages can flow again, and at once where they can. */
  onConnect(listener: () => void): void;
  /** Whether messages can flow right now. */
  connected(): boolean;
  close(): Promise<void>;
}
