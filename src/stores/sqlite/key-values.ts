import type { KeyValueStorage, KeyValues } from "../../ports/key-values.ts";
import type { Speed } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import type { Together } from "./together.ts";

/** What later runs count for: one run of five is new, so a slow start is forgotten after about ten runs. */
const NEWEST_RUN_WEIGHT = 0.2;
/** Rows that are read at once when a namespace is listed. */
const PAGE_ROWS = 500;

/** Keyv's texts, under a namespace and a key. */
export function keyValuesOf(db: Database, together: Together): KeyValues {
  const select = db.query<{ readonly value: string }>("SELECT value FROM key_value WHERE namespace = ? AND key = ?");
  const put = db.query(
    "INSERT INTO key_value VALUES(?, ?, ?) ON CONFLICT(namespace, key) DO UPDATE SET value = excluded.value",
  );
  const remove = db.query("DELETE FROM key_value WHERE namespace = ? AND key = ?");
  const removeAll = db.query("DELETE FROM key_value WHERE namespace = ?");
  const first = db.query<{ readonly key: string; readonly value: string }>(
    `SELECT key, value FROM key_value WHERE namespace = ? ORDER BY key LIMIT ${PAGE_ROWS}`,
  );
  const after = db.query<{ readonly key: string; readonly value: string }>(
    `SELECT key, value FROM key_value WHERE namespace = ? AND key > ? ORDER BY key LIMIT ${PAGE_ROWS}`,
  );
  return () => {
    const inside = (): string => storage.namespace ?? "";
    const storage: KeyValueStorage = {
      opts: { dialect: "sqlite" },
      namespace: undefined,
      on: () => storage,
      get: async (key) => select.get(inside(), key)?.value,
      getMany: async (keys) => keys.map((key) => select.get(inside(), key)?.value),
      async set(key, value) {
        const namespace = inside();
        await together(() => put.run(namespace, key, value));
        return true;
      },
      setMany(entries) {
        const namespace = inside();
        return together(() =>
          entries.map(({ key, value }) => {
            put.run(namespace, key, value);
            return true;
          }),
        );
      },
      delete(key) {
        const namespace = inside();
        return together(() => remove.run(namespace, key) === 1);
      },
      deleteMany(keys) {
        const namespace = inside();
        return together(() => keys.map((key) => remove.run(namespace, key)).every((removed) => removed === 1));
      },
      async clear() {
        const namespace = inside();
        await together(() => removeAll.run(namespace));
      },
      async *iterator(namespace = "") {
        let page = first.all(namespace);
        while (page.length > 0) {
          for (const { key, value } of page) yield [key, value];
          page = after.all(namespace, page.at(-1)?.key ?? "");
        }
      },
    };
    return storage;
  };
}

/** Measured cost of each backend, an exponentially weighted mean. */
export function speedsOf(db: Database) {
  const select = db.query<Speed>(
    "SELECT per_megapixel_step_ms AS perMegapixelStepMs, runs FROM speed WHERE backend = ?",
  );
  const put = db.query(
    `INSERT INTO speed VALUES(?1, ?2, 1) ON CONFLICT(backend) DO UPDATE SET runs = runs + 1,
     per_megapixel_step_ms = per_megapixel_step_ms + ${NEWEST_RUN_WEIGHT} * (excluded.per_megapixel_step_ms - per_megapixel_step_ms)`,
  );
  return {
    speed(backend: string): Speed | undefined {
      const row = select.get(backend);
      return row && { ...row };
    },
    /** `megapixelSteps` is the work of the whole run, all its pictures. */
    measured({
      backend,
      megapixelSteps,
      usedMs,
    }: {
      readonly backend: string;
      readonly megapixelSteps: number;
      readonly usedMs: number;
    }): void {
      if (megapixelSteps > 0 && usedMs >= 0) put.run(backend, usedMs / megapixelSteps);
    },
  };
}
