/**
 * Small durable texts under short keys: settings, seed locks, an adapter's inbox. A resolved `set` has survived.
 * Implementations pass `test/contracts/key-values.ts`.
 */
export interface KeyValues {
  /** `undefined` when there is none. */
  get(key: string): Promise<string | undefined>;
  /** Takes the place of what was there. */
  set(key: string, value: string): Promise<void>;
  /** false: there was none. */
  delete(key: string): Promise<boolean>;
  /** Entries whose key starts with `prefix`, in key order; "" is all of them. */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>;
}
