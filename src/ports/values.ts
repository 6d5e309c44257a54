import { Keyv } from "keyv";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { KeyValueStorage } from "./key-values.ts";

/** Of each kind, those asked for last. */
const REMEMBERED = 1000;

/** Small durable values of one kind, each under a key of its own. A resolved change has survived. */
export interface Values<T> {
  /** What comes out is not changed: it may be what the next one gets. */
  get(key: string): Promise<T | undefined>;
  /** Takes the place of what was there. */
  set(key: string, value: T): Promise<void>;
  /** false: there was none. */
  delete(key: string): Promise<boolean>;
  /** In key order. */
  entries(): Promise<readonly (readonly [key: string, value: T])[]>;
}

/**
 * A Keyv of its own namespace, whose values are checked when they are read. The one way to small values: nobody else makes a
 * Keyv, or knows how it builds its keys and texts.
 *
 * @param read what an earlier version wrote may have another shape: throws, or gives `undefined` as if it were not there
 */
export function openValues<T>({
  storage,
  namespace,
  read,
}: {
  readonly storage: KeyValueStorage;
  /** a-z, 0-9, "." and "-". */
  readonly namespace: string;
  readonly read: (value: unknown) => T | undefined;
}): Values<T> {
  // Without a prefix: it would go wrong with a key that begins like its namespace. The adapter keeps namespaces apart.
  const keyv = new Keyv<unknown>({ store: storage, namespace, useKeyPrefix: false, throwOnErrors: true });
  const known = new BoundedMap<{ readonly value: T | undefined; readonly changes: number }>(REMEMBERED);
  const list = keyv.iterator;
  if (!list) throw new Error(`Keyv cannot list what is in ${namespace}`);
  return {
    async get(key) {
      // Before it is read: what changes meanwhile is read again.
      const changes = storage.changesIn?.(namespace);
      const remembered = known.get(key);
      if (remembered && remembered.changes === changes) return remembered.value;
      const found = await keyv.get(key);
      const value = found === undefined ? undefined : read(found);
      if (changes !== undefined) known.set(key, { value, changes });
      return value;
    },
    async set(key, value) {
      await keyv.set(key, value);
    },
    delete: (key) => keyv.delete(key),
    async entries() {
      const found: (readonly [string, T])[] = [];
      // The border to Keyv, whose iterator has no types.
      for await (const [key, stored] of list(namespace) as AsyncGenerator<readonly [string, unknown]>) {
        const value = read(stored);
        if (value !== undefined) found.push([key, value]);
      }
      return found;
    },
  };
}
