/**
 * Makes a storage adapter for one Keyv each time it is called: Keyv writes its namespace into it. All of one store lie in the
 * same rows, so what one has set another of the same namespace gets. Implementations pass `test/contracts/key-values.ts`;
 * what uses small values opens them with `openValues`.
 */
export type KeyValues = () => KeyValueStorage;

/**
 * What Keyv needs to keep texts under short keys, in one namespace only. A resolved change has survived. Keyv writes into each
 * text when it ends, so there is no `has` here: Keyv asks with `get`, and looks.
 */
export interface KeyValueStorage {
  /** Keyv lists only what calls itself one of the engines it knows. */
  readonly opts: { readonly dialect: "sqlite" | "postgres" };
  /** Read at each call; absent: "". */
  namespace?: string | undefined;
  /**
   * Another number whenever something in the namespace may have changed, in whatever way: a value that was read holds as long
   * as it stays the same. Absent where another process may change values, too.
   */
  readonly changesIn?: ((namespace: string) => number) | undefined;
  /** Nothing is told by events: what fails rejects. */
  on(): unknown;
  get(key: string): Promise<string | undefined>;
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Takes the place of what was there. */
  set(key: string, value: string): Promise<true>;
  /** All or none. */
  setMany(entries: readonly { readonly key: string; readonly value: string }[]): Promise<readonly true[]>;
  /** false: there was none. */
  delete(key: string): Promise<boolean>;
  /** All that are there, in one transaction. false: not all were. */
  deleteMany(keys: readonly string[]): Promise<boolean>;
  /** Of this namespace. */
  clear(): Promise<void>;
  /** In key order; what changes meanwhile may be missed. */
  iterator(namespace?: string): AsyncGenerator<readonly [key: string, value: string]>;
}

/** A small value's key, or with `prefix` the beginning of keys, and what takes its place. */
export interface MovedValue {
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
  readonly prefix: boolean;
}
