/** How much lies in the store at one moment, without a name, a chat or a word of anybody's. */
export interface StoreGauges {
  /** Jobs that have not ended, by the lane they are in. */
  readonly jobs: readonly {
    readonly lane: string;
    readonly state: "deferred" | "queued" | "running";
    readonly jobs: number;
  }[];
  /** Messages that are owed, by platform. */
  readonly owed: readonly { readonly platform: string; readonly messages: number }[];
  /** Those that are owed, the first written first. `sending`: the same for as long as one and the same sending is owed. */
  readonly oldest: readonly { readonly platform: string; readonly sending: string }[];
}

/** What whoever watches the program asks for. Part of the `Store`. */
export interface Gauges {
  /** @param oldestMax so many of the messages that are owed one by one */
  gauges(oldestMax: number): Promise<StoreGauges>;
}
