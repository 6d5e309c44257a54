import type { Speed } from "../../ports/store.ts";
import type { Database } from "./database.ts";

/** What later runs count for: one run of five is new, so a slow start is forgotten after about ten runs. */
const NEWEST_RUN_WEIGHT = 0.2;

/** Settings under short keys. */
export function keyValuesOf(db: Database) {
  const select = db.query<{ readonly value: string }>("SELECT value FROM key_value WHERE key = ?");
  const put = db.query("INSERT INTO key_value VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
  const remove = db.query("DELETE FROM key_value WHERE key = ?");
  const startingWith = db.query<{ readonly key: string; readonly value: string }>(
    "SELECT key, value FROM key_value WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 ORDER BY key",
  );
  return {
    get: (key: string) => select.get(key)?.value,
    set(key: string, value: string): void {
      put.run(key, value);
    },
    delete: (key: string) => remove.run(key) === 1,
    entries: (prefix: string) => startingWith.all(prefix).map(({ key, value }) => [key, value] as const),
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
