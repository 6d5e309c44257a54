import type { z } from "zod";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Small durable values of one shape under one prefix. */
export interface StoredJson<T> {
  /** `undefined` also for what an older version wrote in another shape. */
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
  delete(key: string): Promise<boolean>;
  entries(): Promise<readonly (readonly [key: string, value: T])[]>;
}

/** @param prefix of this module's own keys, ending in ":" */
export function storedJson<S extends z.ZodType>(
  values: ModuleServices["values"],
  prefix: string,
  schema: S,
): StoredJson<z.output<S>> {
  const read = (text: string): z.output<S> | undefined => {
    try {
      return schema.safeParse(JSON.parse(text)).data;
    } catch {
      // Not JSON: nothing of ours.
      return undefined;
    }
  };
  return {
    async get(key) {
      const text = await values.get(prefix + key);
      return text === undefined ? undefined : read(text);
    },
    set: (key, value) => values.set(prefix + key, JSON.stringify(value)),
    delete: (key) => values.delete(prefix + key),
    async entries() {
      return (await values.entries(prefix)).flatMap(([key, text]) => {
        const value = read(text);
        return value === undefined ? [] : [[key.slice(prefix.length), value] as const];
      });
    },
  };
}
